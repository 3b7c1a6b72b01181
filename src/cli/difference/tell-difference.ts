import { misuse } from '../../errors/error.ts';
import { visible } from '../../errors/visible.ts';
import { pairOutcomes, type PairedOutcomes } from '../../evaluation/pair-outcomes.ts';
import { formatPoints } from '../../figures/format.ts';
import { measuredOtherwise } from '../../applications/evaluate/configuration.ts';
import { nodePlatform } from '../../node/platform.ts';
import { readRunConfig, type RunConfig } from '../../applications/evaluate/run-files.ts';
import { toText } from '../../json/to-text.ts';
import type { DifferenceOptions } from '../../options/difference-options.ts';
import { pairedDifference, type PairedCounts, type PairedDifference } from '../../statistics/paired-difference.ts';
import { count } from '../format.ts';
import { textTable } from '../table.ts';
import type { Terminal } from '../terminal.ts';

/** One of the two runs. */
interface Side {
  readonly folder: string;
  readonly model: string;
  readonly data: { readonly name: string; readonly fingerprint: string };
}

/** How two runs differ, for programs. */
interface Difference {
  readonly a: Side;
  readonly b: Side;
  /** Images that both hold, and that only one holds. */
  readonly images: number;
  readonly onlyA: number;
  readonly onlyB: number;
  readonly attacks: Readonly<
    Record<
      string,
      PairedCounts & PairedDifference & { readonly n: number; readonly accuracyA: number; readonly accuracyB: number }
    >
  >;
  /** Options and versions by which they were measured otherwise. */
  readonly measuredOtherwise: readonly string[];
}

/**
 * Prints by how much the accuracies of two runs differ on the images that both hold.
 * @returns exit code
 * @throws misuse `not-a-run-folder`, `other-data`, `nothing-to-compare`; failure `run-folder-damaged`
 */
export async function tellDifference({ a, b, json }: DifferenceOptions, terminal: Terminal): Promise<number> {
  const configs = [await readRunConfig(nodePlatform.files, a), await readRunConfig(nodePlatform.files, b)] as const;
  const [one, other] = [sideOf(a, configs[0]), sideOf(b, configs[1])];
  refuseOtherData(one, other);
  const outcomes = await pairOutcomes(nodePlatform.runs.records(a), nodePlatform.runs.records(b));
  refuseNothing(one, other, outcomes);
  const difference: Difference = {
    a: one,
    b: other,
    images: outcomes.images,
    onlyA: outcomes.onlyA,
    onlyB: outcomes.onlyB,
    attacks: Object.fromEntries(
      Array.from(outcomes.attacks, ([attack, counts]) => [
        attack,
        { ...accuraciesOf(counts), ...pairedDifference(counts), ...counts },
      ]),
    ),
    measuredOtherwise: measuredOtherwise(...configs),
  };
  terminal.out(json ? toText(difference) : describe(difference));
  return 0;
}

function sideOf(folder: string, { model, data }: RunConfig): Side {
  const { name, fingerprint } = data as { readonly name: string; readonly fingerprint: string };
  return { folder, model: (model as { readonly name: string }).name, data: { name, fingerprint } };
}

function accuraciesOf({ both, onlyA, onlyB, neither }: PairedCounts): {
  n: number;
  accuracyA: number;
  accuracyB: number;
} {
  const n = both + onlyA + onlyB + neither;
  return { n, accuracyA: (both + onlyA) / n, accuracyB: (both + onlyB) / n };
}

function describe({ a, b, images, onlyA, onlyB, attacks, measuredOtherwise: otherwise }: Difference): string {
  const rows = Object.entries(attacks).map(
    ([
      attack,
      {
        n,
        accuracyA,
        accuracyB,
        difference,
        interval: [low, high],
        ...counts
      },
    ]) => [
      attack,
      count(n),
      formatPoints(accuracyA),
      formatPoints(accuracyB),
      signed(difference),
      `${signed(low)} to ${signed(high)}`,
      count(counts.onlyA),
      count(counts.onlyB),
    ],
  );
  const left = [
    onlyA > 0 ? `${count(onlyA)} that only A holds` : '',
    onlyB > 0 ? `${count(onlyB)} that only B holds` : '',
  ].filter((part) => part !== '');
  return [
    visible(`A: ${a.model} in ${a.folder}`),
    visible(`B: ${b.model} in ${b.folder}`),
    `${count(images)} images of ${visible(a.data.name)}${left.length === 0 ? '' : ` (left out: ${left.join(', ')})`}`,
    '',
    textTable(
      ['attack', 'images', 'A %', 'B %', 'B − A, points', '95 % interval', 'only A right', 'only B right'],
      rows,
    ),
    '',
    ...otherwise.map((difference) => `Measured otherwise: ${difference}`),
    'Intervals: Newcombe (1998), for paired proportions; one that does not hold 0 tells the two apart.',
    '',
  ].join('\n');
}

/** `+1.54`, `−0.98`: points of accuracy. */
function signed(fraction: number): string {
  const points = formatPoints(fraction).replace('-', '−');
  return fraction > 0 ? `+${points}` : points;
}

function refuseOtherData(a: Side, b: Side): void {
  if (a.data.fingerprint === b.data.fingerprint) return;
  const told = ({ name, fingerprint }: Side['data']): string => `${name} (fingerprint ${fingerprint.slice(0, 16)})`;
  throw misuse({
    code: 'other-data',
    subject: b.folder,
    problem:
      `was measured on ${told(b.data)}, ${a.folder} on ${told(a.data)}; ` +
      'only runs on the same data can be set against each other.',
    advice: 'Repeat one of them by gimbal evaluate with the --data and the --exclude of the other; --limit may differ.',
  });
}

function refuseNothing(a: Side, b: Side, { images, attacks }: PairedOutcomes): void {
  if (images > 0 && attacks.size > 0) return;
  throw misuse({
    code: 'nothing-to-compare',
    subject: b.folder,
    problem: images === 0 ? `has no image in common with ${a.folder}.` : `has no attack in common with ${a.folder}.`,
    advice: 'Repeat one of them by gimbal evaluate with the --attacks, --limit and --offset of the other.',
  });
}
