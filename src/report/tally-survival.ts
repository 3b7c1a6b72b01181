import type { Extent } from '../attacks/attack.ts';
import type { ImageRecord, Survival } from '../evaluation/records.ts';
import { SurvivalTally } from '../evaluation/survival.ts';
import type { PlacedRecord } from './choose-examples.ts';

/** What an attack that looks for the smallest found, class by class. */
export interface ClassSurvival {
  readonly label: number;
  readonly survival: Survival;
}

/** An attack that looks for the smallest, with what its sizes are measured in and the sizes there are. */
export interface SurvivalAttack {
  readonly attack: string;
  readonly extent: Extent;
  readonly limits: readonly number[];
}

/**
 * Sums breaking points by class, and chooses the images that are right as they are and break first. What is held grows
 * with the classes and the limits, not with the images.
 *
 * @param count images to choose
 */
export async function tallySurvival(
  records: AsyncIterable<ImageRecord>,
  { attack, limits }: SurvivalAttack,
  count: number,
): Promise<{ classes: ClassSurvival[]; fragile: PlacedRecord[] }> {
  const classes = new Map<number, SurvivalTally>();
  let fragile: PlacedRecord[] = [];
  let position = -1;
  for await (const record of records) {
    position++;
    const { breakingPoint } = record.attacks[attack] ?? {};
    if (breakingPoint === undefined) continue;
    const tally = classes.get(record.label) ?? new SurvivalTally(limits);
    tally.add(breakingPoint);
    classes.set(record.label, tally);
    if (breakingPoint === null || breakingPoint === 0 || count === 0) continue;
    fragile.push({ position, record });
    if (fragile.length >= 2 * count) fragile = firstToBreak(fragile, attack, count);
  }
  return {
    classes: Array.from(classes, ([label, tally]) => ({ label, survival: tally.survival() })).sort(
      (a, b) => a.label - b.label,
    ),
    fragile: firstToBreak(fragile, attack, count),
  };
}

function firstToBreak(placed: readonly PlacedRecord[], attack: string, count: number): PlacedRecord[] {
  const size = ({ record }: PlacedRecord): number => record.attacks[attack].breakingPoint as number;
  return placed.toSorted((a, b) => size(a) - size(b) || a.position - b.position).slice(0, count);
}
