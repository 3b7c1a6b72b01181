import type { ClassTally } from '../evaluation/tally-classes.ts';
import { compareSizes } from '../sets/transformation-size.ts';
import type { Transformation } from '../transform/transformation.ts';
import { attackOf } from './attack-of.ts';
import type { ReportInput } from './report-input.ts';
import { className, describeTransformation } from './words.ts';

/** A class as tables show it. */
export interface ClassRow {
  readonly name: string;
  readonly n: number;
  /** In [0, 1]. */
  readonly natural: number;
  /** In [0, 1]. */
  readonly robust: number;
  /** What it is taken for most often under the attack. */
  readonly takenFor?: string;
  /** `12 of 20`: of the images of the class. */
  readonly share?: string;
  /** The smallest transformation known to do it, in words. */
  readonly transformation?: string;
}

/** All classes, the weakest first. */
export function classRows(
  { classes = [], classNames, failures = [], setting }: ReportInput,
  attack: string,
): ClassRow[] {
  return classes.toSorted(byWeakness).map(({ label, n, natural, robust, confusion }) => {
    const row = { name: className(label, classNames), n, natural: natural / n, robust: robust / n };
    if (confusion === undefined) return row;
    const { predicted } = confusion;
    // Failures know of searches that the records do not.
    const least = [
      confusion,
      ...failures.filter((one) => one.label === label && one.predicted === predicted && one.size !== undefined),
    ]
      .flatMap(({ transformation }) => transformation ?? [])
      .reduce<Transformation | undefined>(
        (a, b) => (a === undefined || compareSizes(setting.box, b, a) < 0 ? b : a),
        undefined,
      );
    return {
      ...row,
      takenFor: className(predicted, classNames),
      share: `${confusion.n} of ${n}`,
      ...(attackOf(attack, setting).changes === 'view' && least !== undefined
        ? { transformation: describeTransformation(least) }
        : {}),
    };
  });
}

/** The least accuracy in the worst case first, then the least natural accuracy, then the lower label. */
export function byWeakness(a: ClassTally, b: ClassTally): number {
  return a.robust / a.n - b.robust / b.n || a.natural / a.n - b.natural / b.n || a.label - b.label;
}

/**
 * The classes between which most images go astray, by label: from the largest confusion on, both classes of each, as
 * many as fit.
 */
export function confusedClasses(classes: readonly ClassTally[], most: number): ClassTally[] {
  const byLabel = new Map(classes.map((one) => [one.label, one]));
  if (classes.length <= most) return [...classes];
  const chosen = new Set<number>();
  const pairs = classes.flatMap(({ label, takenFor }) =>
    Array.from(takenFor, ([predicted, n]) => ({ label, predicted, n })).filter(({ predicted }) =>
      byLabel.has(predicted),
    ),
  );
  for (const { label, predicted } of pairs.sort((a, b) => b.n - a.n || a.label - b.label)) {
    const added = [label, predicted].filter((one) => !chosen.has(one));
    if (chosen.size + added.length <= most) added.forEach((one) => chosen.add(one));
  }
  return [...chosen].sort((a, b) => a - b).map((label) => byLabel.get(label)!);
}

/** For each class the shares of its images that are predicted as each of the classes. */
export function confusionShares(classes: readonly ClassTally[]): number[][] {
  return classes.map(({ label, n, robust, takenFor }) =>
    classes.map((other) => (other.label === label ? robust : (takenFor.get(other.label) ?? 0)) / n),
  );
}
