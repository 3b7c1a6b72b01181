import type { Extent } from '../attacks/attack.ts';
import { factsByName, type KeptFacts } from '../attacks/kept-facts.ts';
import type { PairedCounts } from '../statistics/paired-difference.ts';
import { alignRecords } from './align-records.ts';
import { countPairs } from './pair-outcomes.ts';
import type { AttackRecord, EvaluationResult, ImageRecord, Rate, Survival } from './records.ts';
import { rateOf } from './summarize.ts';
import { SurvivalTally } from './survival.ts';

/** Images of a class, and how many of them are right. */
export interface ClassCount {
  n: number;
  right: number;
}

/** What one run says of the images that all hold. */
export interface SharedTally {
  /** By name of the attack, in the order of the records; attacks that it made of all of these images. */
  readonly attacks: ReadonlyMap<string, Rate>;
  /** By name of the attack, then by label. */
  readonly classes: ReadonlyMap<string, ReadonlyMap<number, ClassCount>>;
  /** By name of the attack, of those that look for the smallest that fools. */
  readonly survival: ReadonlyMap<string, { readonly extent: Extent; readonly survival: Survival }>;
  /** How its verdicts fall together with those of the first run, A, by name of the attack. */
  readonly withFirst: ReadonlyMap<string, PairedCounts>;
}

export interface SharedRun {
  readonly records: AsyncIterable<ImageRecord>;
  /** What its result says of sizes, where it is finished: their limits are those of the tallies. */
  readonly tolerance?: EvaluationResult['tolerance'];
  /** What is known of attacks that do not come with Gimbal. */
  readonly own?: readonly KeptFacts[];
}

/**
 * Sums up several runs on the images that all of them hold. What is kept grows with classes and attacks, not with
 * images.
 */
export async function tallyShared(runs: readonly SharedRun[]): Promise<{
  readonly images: number;
  /** Images of each run that not all hold. */
  readonly leftOut: readonly number[];
  readonly runs: readonly SharedTally[];
}> {
  const tallies = runs.map((run) => new RunTally(run));
  const leftOut = runs.map(() => 0);
  let images = 0;
  for await (const records of alignRecords(runs.map(({ records }) => records))) {
    if (records.every((record) => record !== undefined)) {
      images++;
      for (const [i, record] of records.entries()) tallies[i].add(record, records[0]!);
    } else {
      for (const [i, record] of records.entries()) if (record !== undefined) leftOut[i]++;
    }
  }
  return { images, leftOut, runs: tallies.map((tally) => tally.of(images)) };
}

/** How far an image is right under an attack: 0 or 1, or a mean over draws. */
export function rightness({ robust, correctDraws, draws }: AttackRecord): number {
  return correctDraws !== undefined && draws !== undefined ? correctDraws / draws : Number(robust);
}

class RunTally {
  readonly #classes = new Map<string, Map<number, ClassCount>>();
  readonly #survival = new Map<string, { readonly extent: Extent; readonly tally: SurvivalTally } | undefined>();
  readonly #withFirst = new Map<string, Record<keyof PairedCounts, number>>();
  readonly #run: Omit<SharedRun, 'records'>;

  constructor(run: Omit<SharedRun, 'records'>) {
    this.#run = run;
  }

  add(record: ImageRecord, first: ImageRecord): void {
    const { label, attacks } = record;
    countPairs(this.#withFirst, first, record);
    for (const [attack, found] of Object.entries(attacks)) {
      countRight(this.#classes, attack, label, rightness(found));
      if (found.breakingPoint !== undefined) this.#survivalOf(attack)?.tally.add(found.breakingPoint);
    }
  }

  #survivalOf(attack: string) {
    if (!this.#survival.has(attack)) {
      const { tolerance, own } = this.#run;
      const extent = factsByName(attack, own)?.extent;
      const limits = extent && tolerance?.[extent]?.limits;
      this.#survival.set(attack, extent && limits && { extent, tally: new SurvivalTally(limits) });
    }
    return this.#survival.get(attack);
  }

  of(images: number): SharedTally {
    const attacks = Array.from(this.#classes, ([attack, classes]) => [attack, rateOver(classes)] as const);
    const whole = attacks.filter(([, { n }]) => n === images);
    const survival = Array.from(this.#survival).flatMap(([attack, found]) =>
      found === undefined || found.tally.n !== images
        ? []
        : [[attack, { extent: found.extent, survival: found.tally.survival() }] as const],
    );
    return {
      attacks: new Map(whole),
      classes: this.#classes,
      survival: new Map(survival),
      withFirst: this.#withFirst,
    };
  }
}

/** Adds an image to the counts of its class under an attack. */
export function countRight(
  counts: Map<string, Map<number, ClassCount>>,
  attack: string,
  label: number,
  right: number,
): void {
  let classes = counts.get(attack);
  if (classes === undefined) counts.set(attack, (classes = new Map()));
  const count = classes.get(label);
  if (count === undefined) classes.set(label, { n: 1, right });
  else {
    count.n++;
    count.right += right;
  }
}

function rateOver(classes: ReadonlyMap<number, ClassCount>): Rate {
  let [n, sum] = [0, 0];
  for (const count of classes.values()) {
    n += count.n;
    sum += count.right;
  }
  return rateOf(sum, n);
}
