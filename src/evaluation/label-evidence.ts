import type { ImageRecord } from './records.ts';

/** How predictions on untransformed images lie to the labels, where that is no accident. */
export type Pattern =
  /** Most predictions are the label plus a number, or those of some classes are. */
  | { readonly kind: 'shift'; readonly by: number; readonly share: number; readonly labels?: readonly number[] }
  /** Nearly every class is predicted as one other class. */
  | { readonly kind: 'permutation'; readonly share: number; readonly examples: readonly (readonly [number, number])[] };

/** Images below which nothing is concluded, in all and of a class. */
const ENOUGH = 20;
const ENOUGH_OF_CLASS = 5;
/** Part of the images of a class whose prediction makes it the one that the class is taken for. */
const MOST = 0.6;
/** Part of the images of a class that may be right where it is taken for another. */
const FEW = 0.1;

interface ClassCount {
  readonly label: number;
  readonly n: number;
  readonly right: number;
  /** The prediction made most often, and how often. */
  readonly mode: number;
  readonly modeCount: number;
}

/** Gathers the natural predictions of a run, to tell labels that are numbered otherwise than the model's classes. */
export class LabelEvidence {
  readonly #counts = new Map<number, Map<number, number>>();
  readonly #predictions = new Map<number, number>();
  #n = 0;
  #loss = 0;

  add({ label, prediction, attacks }: ImageRecord): void {
    this.#n++;
    const of = this.#counts.get(label) ?? new Map<number, number>();
    this.#counts.set(label, of);
    of.set(prediction, (of.get(prediction) ?? 0) + 1);
    this.#predictions.set(prediction, (this.#predictions.get(prediction) ?? 0) + 1);
    this.#loss += attacks.natural.loss;
  }

  /** Mean cross-entropy of the untransformed images; NaN where one has none. */
  get meanLoss(): number {
    return this.#loss / this.#n;
  }

  /** The class predicted most often, and the part of all images. */
  get favourite(): { readonly prediction: number; readonly share: number } {
    const [[prediction, count]] = [...this.#predictions].sort(([, one], [, other]) => other - one);
    return { prediction, share: count / this.#n };
  }

  /** The pattern that the predictions follow, if any. */
  pattern(): Pattern | undefined {
    if (this.#n < ENOUGH) return undefined;
    return this.#shiftOfAll() ?? this.#permutation() ?? this.#shiftOfSome();
  }

  #shiftOfAll(): Pattern | undefined {
    const byShift = new Map<number, number>();
    for (const [label, of] of this.#counts)
      for (const [prediction, count] of of)
        byShift.set(prediction - label, (byShift.get(prediction - label) ?? 0) + count);
    const [[by, count]] = [...byShift].sort(([, one], [, other]) => other - one);
    const several = this.#counts.size > 2;
    return by !== 0 && several && count >= this.#n / 2 ? { kind: 'shift', by, share: count / this.#n } : undefined;
  }

  #permutation(): Pattern | undefined {
    const classes = this.#classes();
    const sum = (value: (one: ClassCount) => number): number => classes.reduce((total, one) => total + value(one), 0);
    const [n, right, taken] = [sum((one) => one.n), sum((one) => one.right), sum((one) => one.modeCount)];
    const distinct = new Set(classes.map(({ mode }) => mode)).size === classes.length;
    if (classes.length < 2 || !distinct || n < 0.8 * this.#n || n < ENOUGH) return undefined;
    // What guesses come to by chance lies below: of two classes, four fifths of either would have to fall on the other.
    if (taken < (classes.length === 2 ? 0.8 : MOST) * n || taken < 2 * right) return undefined;
    const examples = classes.filter(({ label, mode }) => label !== mode).slice(0, 3);
    return { kind: 'permutation', share: taken / n, examples: examples.map(({ label, mode }) => [label, mode]) };
  }

  /** Behind a class that is missing in the data, all are off by one; those before it are right. */
  #shiftOfSome(): Pattern | undefined {
    const off = this.#classes().filter(({ n, right, modeCount }) => right <= FEW * n && modeCount >= MOST * n);
    const shifts = new Set(off.map(({ label, mode }) => mode - label));
    if (off.length < 2 || shifts.size !== 1) return undefined;
    const n = off.reduce((total, one) => total + one.n, 0);
    const taken = off.reduce((total, one) => total + one.modeCount, 0);
    return {
      kind: 'shift',
      by: [...shifts][0],
      share: taken / n,
      labels: off.map(({ label }) => label).sort((a, b) => a - b),
    };
  }

  /** Classes with enough images to tell. */
  #classes(): ClassCount[] {
    return [...this.#counts]
      .map(([label, of]) => {
        const [[mode, modeCount]] = [...of].sort(([, one], [, other]) => other - one);
        const n = [...of.values()].reduce((total, count) => total + count, 0);
        return { label, n, right: of.get(label) ?? 0, mode, modeCount };
      })
      .filter(({ n }) => n >= ENOUGH_OF_CLASS);
  }
}
