import { wilsonInterval } from '../statistics/wilson.ts';
import type { AttackFacts, Extent, Grade } from '../attacks/attack.ts';
import { CertificateTally } from './certificates.ts';
import type { AttackSummary, Certified, EvaluationResult, ImageRecord, Rate } from './records.ts';
import { SurvivalTally } from './survival.ts';

/** Adds up records one by one. */
export class Summary {
  readonly #names: readonly string[];
  /** By name of the attack. */
  readonly #survival = new Map<string, { readonly extent: Extent; readonly tally: SurvivalTally }>();
  /** By name of the attack. */
  readonly #certificates = new Map<string, CertificateTally>();
  readonly #correct = new Map<string, number>();
  readonly #everyQuery = new Map<string, number>();
  readonly #made = new Map<string, number>();
  #exhaustive = 0;
  n = 0;

  constructor(attacks: readonly Pick<AttackFacts, 'name' | 'figure' | 'certificate'>[]) {
    this.#names = attacks.map(({ name }) => name);
    for (const { name, figure } of attacks)
      if (figure?.kind === 'survival')
        this.#survival.set(name, { extent: figure.extent, tally: new SurvivalTally(figure.limits) });
    for (const { name, certificate } of attacks)
      if (certificate !== undefined) this.#certificates.set(name, new CertificateTally(name, certificate));
  }

  add(record: ImageRecord): void {
    this.n++;
    for (const name of this.#names) {
      this.#certificates.get(name)?.add(record.attacks[name]);
      const { robust, everyQuery, correctDraws, draws, tried, exhaustive, breakingPoint } = record.attacks[name];
      if (breakingPoint !== undefined) this.#survival.get(name)?.tally.add(breakingPoint);
      const correct = correctDraws !== undefined && draws !== undefined ? correctDraws / draws : Number(robust);
      add(this.#correct, name, correct);
      if (everyQuery !== undefined) add(this.#everyQuery, name, Number(everyQuery));
      add(this.#made, name, tried);
      this.#exhaustive += exhaustive;
    }
  }

  attacks(): Record<string, AttackSummary> {
    return Object.fromEntries(
      this.#names.map((name) => {
        const everyQuery = this.#everyQuery.get(name);
        return [
          name,
          {
            ...this.#rate(this.#correct.get(name) ?? 0),
            ...(everyQuery === undefined ? {} : { everyQuery: this.#rate(everyQuery) }),
          },
        ];
      }),
    );
  }

  /** What images withstand, where attacks looked for it. */
  tolerance(): Pick<EvaluationResult, 'tolerance'> {
    if (this.#survival.size === 0) return {};
    const found = Array.from(this.#survival.values(), ({ extent, tally }) => [extent, tally.survival()] as const);
    return { tolerance: Object.fromEntries(found) };
  }

  /** What is proved of images, where attacks asked for it. */
  certificates(): Pick<EvaluationResult, 'certificates'> {
    if (this.#certificates.size === 0) return {};
    const found = Array.from(this.#certificates.values(), (tally) => [tally.grade, tally.certified()] as const);
    return { certificates: Object.fromEntries(found) as Record<Grade, Certified> };
  }

  accuracies(): Record<string, number> {
    return Object.fromEntries(Object.entries(this.attacks()).map(([name, { accuracy }]) => [name, accuracy]));
  }

  /** Forward passes. */
  evaluations(): { made: number; exhaustive: number; byAttack: Record<string, number> } {
    const byAttack = Object.fromEntries(this.#names.map((name) => [name, this.#made.get(name) ?? 0]));
    return {
      made: Object.values(byAttack).reduce((sum, value) => sum + value, 0),
      exhaustive: this.#exhaustive,
      byAttack,
    };
  }

  #rate(sum: number): Rate {
    return rateOf(sum, this.n);
  }
}

function add(sums: Map<string, number>, name: string, value: number): void {
  sums.set(name, (sums.get(name) ?? 0) + value);
}

/** The rate of a number right, which may be fractional: a mean over draws. */
export function rateOf(sum: number, n: number): Rate {
  // Sums of fractions: rounding keeps 7.000000000000001 out of files.
  const correct = Number(sum.toFixed(9));
  return { correct, n, accuracy: n === 0 ? 0 : correct / n, interval: wilsonInterval(correct, n) };
}
