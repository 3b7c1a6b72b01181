import type { Extent } from '../attacks/attack.ts';
import type { Survival } from '../evaluation/records.ts';
import type { RunDifference } from '../evaluation/run-difference.ts';
import type { ChangedImages } from './changes/changed-images.ts';
import type { ClassChange } from './changes/find-changes.ts';
import { formatCount } from '../notation/numbers.ts';

/** What a report shows of a run beside an earlier one, the baseline. */
export interface BaselineView {
  /** A is the baseline, B the run. */
  readonly difference: RunDifference;
  /** Images that are right as they are in one of the two. */
  readonly natural: ChangedImages;
  /** What changed under the attack that leaves the least. */
  readonly worst?: ChangedImages & { readonly attack: string; readonly classes: readonly ClassChange[] };
  /** What both withstand, of the images that both hold. */
  readonly survival: readonly {
    readonly attack: string;
    readonly extent: Extent;
    readonly before: Survival;
    readonly after: Survival;
  }[];
}

/** What else is to be known of the pair, a sentence each. */
export function pairNotes({ difference }: Pick<BaselineView, 'difference'>): string[] {
  const { images, onlyA, onlyB, attacksOnlyA, attacksOnlyB, measuredOtherwise } = difference;
  const count = (n: number): string => `${formatCount(n)} ${n === 1 ? 'image' : 'images'}`;
  const left = [
    ...(onlyA > 0 ? [`${count(onlyA)} only in the baseline`] : []),
    ...(onlyB > 0 ? [`${count(onlyB)} only in this run`] : []),
  ];
  const attacks = [
    ...(attacksOnlyA.length > 0 ? [`${attacksOnlyA.join(', ')} only in the baseline`] : []),
    ...(attacksOnlyB.length > 0 ? [`${attacksOnlyB.join(', ')} only in this run`] : []),
  ];
  return [
    `Paired are the ${count(images)} that both hold${left.length === 0 ? '' : ` (left out: ${left.join(', ')})`}.`,
    ...(attacks.length === 0 ? [] : [`Attacks left out: ${attacks.join('; ')}.`]),
    ...(measuredOtherwise.length === 0 ? [] : [`Measured otherwise: ${measuredOtherwise.join('; ')}.`]),
  ];
}
