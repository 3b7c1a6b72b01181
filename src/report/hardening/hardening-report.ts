import type { AttackSummary } from '../../evaluation/records.ts';
import type { Landscape } from '../../evaluation/landscape.ts';
import type { PairedCounts, PairedDifference } from '../../statistics/paired-difference.ts';
import type { Epoch } from '../../figures/training-curves.ts';
import type { Made } from '../made.ts';
import type { Example } from '../report-input.ts';
import type { ClassChange } from '../changes/find-changes.ts';
import { formatPoints } from '../../notation/numbers.ts';

/** What a report takes of the result of a hardening; its fields are those of `result.json`. */
export interface HardeningReport {
  readonly gimbal: string;
  readonly command: string;
  readonly model: { readonly name: string };
  readonly data: { readonly name: string; readonly images: number; readonly labels: 'given' | 'none' };
  readonly test: { readonly name: string; readonly n: number; readonly from: 'test' | 'heldOut' };
  readonly settings: Readonly<Record<string, unknown>>;
  readonly baseline?: { readonly natural?: number; readonly worstOf10?: number };
  readonly epochs: readonly Epoch[];
  readonly bestEpoch: number;
  readonly between?: { readonly share: number; readonly natural?: number; readonly worstOf10?: number };
  readonly before: Readonly<Record<string, AttackSummary>>;
  readonly after: Readonly<Record<string, AttackSummary>>;
  readonly difference: Readonly<Record<string, PairedCounts & PairedDifference>>;
  /** The images that the hardest attack no longer fools, and those that it fools now, by index. */
  readonly images?: { readonly attack: string; readonly won: readonly number[]; readonly lost: readonly number[] };
  readonly classes?: readonly ClassChange[];
  readonly seconds: number;
}

/** What is shown beside the numbers of `result.json`. */
export interface HardeningViews {
  /** By label. */
  readonly classNames?: readonly string[];
  /** Images won, with what fooled the model before; images lost, with what fools it now. */
  readonly won: readonly Example[];
  readonly lost: readonly Example[];
  /** The loss around the same images in the model before and afterwards. */
  readonly made?: Made;
  readonly landscapes: readonly { readonly before: Landscape; readonly after: Landscape }[];
}

/** The last attack that is no natural one: what the verdict speaks of. */
export function hardestAttack(attacks: readonly string[]): string | undefined {
  return attacks.filter((attack) => attack !== 'natural').at(-1);
}

/** One row of the table: an attack before and after. */
export interface ChangeRow {
  readonly attack: string;
  readonly before: AttackSummary;
  readonly after: AttackSummary;
  readonly change: PairedCounts & PairedDifference;
}

/** The attacks that were made before and after, in their order. */
export function changeRows({ before, after, difference }: HardeningReport): ChangeRow[] {
  return Object.keys(before).flatMap((attack) =>
    after[attack] === undefined || difference[attack] === undefined
      ? []
      : [{ attack, before: before[attack], after: after[attack], change: difference[attack] }],
  );
}

/** Which weights were written. */
export function writtenWords({ bestEpoch, between }: Pick<HardeningReport, 'bestEpoch' | 'between'>): string {
  if (between === undefined) return `The weights of epoch ${bestEpoch} were written.`;
  const { share, natural = 0, worstOf10 = 0 } = between;
  return (
    `Written were weights ${formatPoints(share, 0)} % of the way from those that the model came with to those of ` +
    `epoch ${bestEpoch}: natural ${formatPoints(natural, 1)} %, worst-of-10 ${formatPoints(worstOf10, 1)} %.`
  );
}

/** One sentence for people: what was won and what it cost. */
export function verdict(report: HardeningReport): string {
  const rows = changeRows(report);
  const natural = rows.find(({ attack }) => attack === 'natural');
  const hardest = rows.find(({ attack }) => attack === hardestAttack(rows.map((row) => row.attack)));
  const percent = (share: number): string => formatPoints(share, 1);
  if (report.bestEpoch === 0)
    return (
      'Nothing was gained: no state on the way was worth more than the model as it came, ' +
      'which was written unchanged.'
    );
  if (hardest === undefined) return writtenWords(report);
  const cost =
    natural === undefined
      ? ''
      : `; natural accuracy went from ${percent(natural.before.accuracy)} to ${percent(natural.after.accuracy)} %`;
  return (
    `Under ${hardest.attack} it stands at ${percent(hardest.after.accuracy)} % where it stood at ` +
    `${percent(hardest.before.accuracy)} %${cost}.`
  );
}
