import { wilsonInterval } from '../statistics/wilson.ts';
import type { AttackSummary, ImageRecord, Rate } from './records.ts';

/** Adds up records one by one. */
export class Summary {
  readonly #names: readonly string[];
  readonly #correct = new Map<string, number>();
  readonly #everyQuery = new Map<string, number>();
  readonly #made = new Map<string, number>();
  #exhaustive = 0;
  n = 0;

  constructor(attacks: readonly string[]) {
    this.#names = attacks;
  }

  add(record: ImageRecord): void {
    this.n++;
    for (const name of this.#names) {
      const { robust, everyQuery, correctDraws, draws, tried, exhaustive } = record.attacks[name];
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
    // Means over draws are sums of fractions: rounding keeps 7.000000000000001 out of files.
    const correct = Number(sum.toFixed(9));
    return {
      correct,
      n: this.n,
      accuracy: this.n === 0 ? 0 : correct / this.n,
      interval: wilsonInterval(correct, this.n),
    };
  }
}

function add(sums: Map<string, number>, name: string, value: number): void {
  sums.set(name, (sums.get(name) ?? 0) + value);
}
