import type { AttackFacts, Grade } from '../attacks/attack.ts';
import { wilsonInterval } from '../statistics/wilson.ts';
import type { AttackRecord, Certified } from './records.ts';

/** Counts the images of which something is proved, or bounded with confidence. */
export class CertificateTally {
  readonly grade: Grade;
  readonly #attack: string;
  readonly #meaning: string;
  /** Images that hold up to each number of pixels and no farther; rising up to the largest seen. */
  readonly #radii: number[] = [];
  #n = 0;
  #proved = 0;
  #undecided = 0;
  #inputs = 0;

  constructor(attack: string, { grade, meaning }: NonNullable<AttackFacts['certificate']>) {
    this.grade = grade;
    this.#attack = attack;
    this.#meaning = meaning;
  }

  add({ robust, certificate }: AttackRecord): void {
    this.#n++;
    if (robust) this.#proved++;
    if (certificate === undefined) return;
    this.#inputs = Math.max(this.#inputs, certificate.inputs);
    if (certificate.undecided) this.#undecided++;
    if (certificate.radius === undefined) return;
    const { radius } = certificate;
    while (this.#radii.length <= (radius ?? 0)) this.#radii.push(0);
    if (radius !== null) this.#radii[radius]++;
  }

  certified(): Certified {
    let left = this.#radii.reduce((sum, count) => sum + count, 0);
    const radii = this.#radii.map((count, radius) => {
      const proved = left;
      left -= count;
      return { radius, proved };
    });
    return {
      attack: this.#attack,
      proved: this.#proved,
      n: this.#n,
      share: this.#n === 0 ? 0 : this.#proved / this.#n,
      interval: wilsonInterval(this.#proved, this.#n),
      meaning: this.#meaning,
      inputs: this.#inputs,
      ...(this.#undecided === 0 ? {} : { undecided: this.#undecided }),
      ...(radii.length === 0 ? {} : { radii }),
    };
  }
}
