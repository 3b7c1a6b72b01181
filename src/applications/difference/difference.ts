import { misuse } from '../../errors/error.ts';
import { optionWords } from '../../errors/option-words.ts';
import { pairOutcomes, type PairedOutcomes } from '../../evaluation/pair-outcomes.ts';
import type { ImageRecord } from '../../evaluation/records.ts';
import { attackDifferences, type RunDifference, type RunSide } from '../../evaluation/run-difference.ts';
import { measuredOtherwise } from '../evaluate/configuration.ts';
import type { RunConfig } from '../evaluate/run-files.ts';

/** A run of which no more is asked than its records and how it was made. */
export interface ComparedRun {
  readonly folder: string;
  readonly config: RunConfig;
  /** In the order of its images; may be asked for again and again. */
  readonly records: () => AsyncIterable<ImageRecord>;
}

/**
 * By how much the accuracies of two runs, A and B, differ on the images that both hold.
 * @param names what to call the two where they were measured otherwise: `for A`, `for B`
 * @throws misuse `other-data`, `nothing-to-compare`
 */
export async function differenceOf(
  a: ComparedRun,
  b: ComparedRun,
  names?: readonly [string, string],
): Promise<RunDifference> {
  refuseOtherData(a, b);
  const outcomes = await pairOutcomes(a.records(), b.records());
  refuseNothing(a, b, outcomes);
  const { images, onlyA, onlyB, attacksOnlyA, attacksOnlyB } = outcomes;
  return {
    a: sideOf(a),
    b: sideOf(b),
    images,
    onlyA,
    onlyB,
    attacks: attackDifferences(outcomes),
    attacksOnlyA,
    attacksOnlyB,
    measuredOtherwise: measuredOtherwise(a.config, b.config, names),
  };
}

/** What a difference says of a run that is set against another. */
export function sideOf({ folder, config }: Omit<ComparedRun, 'records'>): RunSide {
  const { name, fingerprint } = config.data;
  return { folder, model: config.model.name, data: { name, fingerprint } };
}

/** `photos test (fingerprint 0123456789abcdef)` */
export function describeData({ name, fingerprint }: RunSide['data']): string {
  return `${name} (fingerprint ${fingerprint.slice(0, 16)})`;
}

/** @throws misuse `other-data` where two runs are not of the same data set; which of its images they took may differ */
export function refuseOtherData(...runs: readonly [Omit<ComparedRun, 'records'>, Omit<ComparedRun, 'records'>]): void {
  const [a, b] = runs.map(sideOf);
  if (a.data.fingerprint === b.data.fingerprint) return;
  throw misuse({
    code: 'other-data',
    subject: b.folder,
    problem:
      `was measured on ${describeData(b.data)}, ${a.folder} on ${describeData(a.data)}; ` +
      'only runs on the same data can be set against each other.',
    advice:
      `Repeat one of them by gimbal evaluate with the ${optionWords('data')} and the ` +
      `${optionWords('exclude')} of the other; ${optionWords('limit')} may differ.`,
  });
}

function refuseNothing(a: ComparedRun, b: ComparedRun, { images, attacks }: PairedOutcomes): void {
  if (images > 0 && attacks.size > 0) return;
  throw misuse({
    code: 'nothing-to-compare',
    subject: b.folder,
    problem: images === 0 ? `has no image in common with ${a.folder}.` : `has no attack in common with ${a.folder}.`,
    advice:
      `Repeat one of them by gimbal evaluate with the ${optionWords('attacks')}, ${optionWords('limit')} ` +
      `and ${optionWords('offset')} of the other.`,
  });
}
