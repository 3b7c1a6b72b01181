import type { Extent } from '../../attacks/attack.ts';
import { factsByName } from '../../attacks/kept-facts.ts';
import type { EvaluationResult, ImageRecord } from '../../evaluation/records.ts';
import type { RunDifference } from '../../evaluation/run-difference.ts';
import { holdsAt, withstandAt, withstands } from '../../evaluation/survival.ts';
import { type ClassCount, countRight, rightness } from '../../evaluation/tally-shared.ts';
import type { Gate, Gates } from '../../options/attack-values.ts';
import { formatSize } from '../../report/survival-words.ts';
import { optionWords } from '../../errors/option-words.ts';
import { formatChange, formatNumber, formatPercent, formatPoints } from '../../notation/numbers.ts';

/** Something that is demanded of a result. */
export interface Check {
  /** `accuracy under grid is at least 60 %` */
  readonly demand: string;
  /** Where it is not met, what is told: `--fail-under: accuracy under grid is 55.00 %, below 60 %.` */
  readonly failure?: string;
  /** The gate that it is, of `--fail-under`. */
  readonly gate?: { readonly attack: string; readonly gate: Gate };
}

/** What a gate's sizes are measured in; a gate names an attack that comes with Gimbal. */
function extentOf(attack: string): Extent {
  return factsByName(attack)?.extent ?? 'box';
}

/** What `--fail-under` demands. */
export function checkGates(result: EvaluationResult, gates: Gates): Check[] {
  return Object.entries(gates).map(([attack, gate]) => {
    const failure = failureOf(result, attack, gate);
    return {
      demand: demandOf(attack, gate),
      gate: { attack, gate },
      ...(failure === undefined ? {} : { failure: `${optionWords('fail-under')}: ${failure}` }),
    };
  });
}

function demandOf(attack: string, gate: Gate): string {
  return typeof gate === 'number'
    ? `accuracy under ${attack} is at least ${gate} %`
    : `${gate.share} % of the images withstand ${attack} up to ${formatSize(extentOf(attack), gate.size)}`;
}

function failureOf({ attacks, tolerance }: EvaluationResult, attack: string, gate: Gate): string | undefined {
  if (typeof gate === 'number') {
    const { correct, n, accuracy } = attacks[attack];
    return isBelow(correct, n, gate) ? `accuracy under ${attack} is ${percent(accuracy)}, below ${gate} %.` : undefined;
  }
  const extent = extentOf(attack);
  const survival = tolerance?.[extent];
  if (survival === undefined || holdsAt(survival, gate.size, gate.share)) return undefined;
  return (
    `${percent(withstandAt(survival, gate.size))} of the images withstand ${attack} up to ` +
    `${formatSize(extent, gate.size)}, below ${gate.share} %.`
  );
}

/** Counts, not fractions: 100 · 0.57 is a little below 57. The slack is for means over draws. */
function isBelow(correct: number, n: number, least: number): boolean {
  return 100 * correct < least * n - 1e-9 * n;
}

/** `55.00 %`, as the table has it. */
function percent(fraction: number): string {
  return `${formatPoints(fraction)} %`;
}

/**
 * What `--fail-if-worse` demands of each attack that both runs made: it is not met where the 95 % interval of the
 * paired difference lies wholly below so many points of loss.
 */
export function checkWorse({ attacks }: RunDifference, points: number): Check[] {
  const by = `${formatNumber(points)} ${points === 1 ? 'point' : 'points'}`;
  return Object.entries(attacks).map(([attack, change]) => ({
    demand: `accuracy under ${attack} is at most ${by} below the baseline's`,
    ...(100 * change.interval[1] < -points
      ? {
          failure:
            `${optionWords('fail-if-worse')}: accuracy under ${attack} is ${formatPoints(-change.difference)} ` +
            `points below the baseline's; its change lies between ${formatChange(change.interval[0])} and ` +
            `${formatChange(change.interval[1])} points ` +
            `(95 % interval), wholly beyond −${by}.`,
        }
      : {}),
  }));
}

/** A class that alone is below a threshold. */
export interface WeakClass {
  readonly attack: string;
  /** `class cat`, `class 3`. */
  readonly name: string;
  /** `4 of 10 images (40.0 %)`. */
  readonly right: string;
}

/**
 * The classes that are below each gate by themselves, in the order of the gates, then by label. Reads the records once.
 */
export async function weakClasses(
  records: AsyncIterable<ImageRecord>,
  { tolerance }: EvaluationResult,
  gates: Gates,
  classNames: readonly string[] | undefined,
): Promise<ReadonlyMap<string, readonly WeakClass[]>> {
  const counts = new Map<string, Map<number, ClassCount>>();
  const limitsOf = (attack: string): readonly number[] => tolerance?.[extentOf(attack)]?.limits ?? [];
  for await (const { label, attacks } of records) {
    for (const [attack, gate] of Object.entries(gates)) {
      const found = attacks[attack];
      if (found === undefined) continue;
      const right =
        typeof gate === 'number'
          ? rightness(found)
          : Number(withstands(limitsOf(attack), found.breakingPoint ?? null, gate.size));
      countRight(counts, attack, label, right);
    }
  }
  return new Map(
    Object.entries(gates).map(([attack, gate]) => {
      const least = typeof gate === 'number' ? gate : gate.share;
      const weak = [...(counts.get(attack) ?? [])]
        .filter(([, { n, right }]) => isBelow(right, n, least))
        .sort(([a], [b]) => a - b)
        .map(([label, { n, right }]) => ({
          attack,
          name: `class ${classNames?.[label] ?? label}`,
          right: `${formatNumber(right)} of ${n} images (${formatPercent(right / n)})`,
        }));
      return [attack, weak];
    }),
  );
}
