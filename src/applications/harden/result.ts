import type { AttackSummary } from '../../evaluation/records.ts';
import { formatName } from '../../json/format.ts';
import { sealed } from '../../json/sealed.ts';
import { toText } from '../../json/to-text.ts';
import type { PairedCounts, PairedDifference } from '../../statistics/paired-difference.ts';
import type { ClassChange } from '../../report/changes/find-changes.ts';
import type { TrainingSettings } from '../../training/recipes/recipe.ts';
import type { Between, EpochMetrics, Standing } from '../../training/run/metrics.ts';

/**
 * How an accuracy changed on the same images. `onlyA`: right before alone, so lost; `onlyB`: right afterwards alone, so
 * won.
 */
export type AttackChange = PairedCounts & PairedDifference;

/** `result.json` of a hardening. */
export interface HardenResult {
  readonly gimbal: string;
  readonly command: string;
  readonly model: { readonly name: string; readonly sha256: string };
  /** The images trained on; labels `none`: the model's own answers were the teacher. */
  readonly data: {
    readonly name: string;
    readonly fingerprint: string;
    readonly images: number;
    readonly labels: 'given' | 'none';
  };
  /** The images measured on. `heldOut`: those of the training data that were kept apart. */
  readonly test: { readonly name: string; readonly n: number; readonly from: 'test' | 'heldOut' };
  readonly settings: TrainingSettings;
  readonly updates: number;
  /** On the held-out images before the first update, and after each epoch. */
  readonly baseline?: Standing;
  readonly epochs: readonly EpochMetrics[];
  /** The epoch whose weights were written; 0: those that the model came with. */
  readonly bestEpoch: number;
  /** Where weights between those that the model came with and those of that epoch were written. */
  readonly between?: Between;
  readonly before: Readonly<Record<string, AttackSummary>>;
  readonly after: Readonly<Record<string, AttackSummary>>;
  readonly difference: Readonly<Record<string, AttackChange>>;
  /** The images that the last attack no longer fools, and those that it fools now, by index. */
  readonly images?: { readonly attack: string; readonly won: readonly number[]; readonly lost: readonly number[] };
  /** What became of each class under that attack. */
  readonly classes?: readonly ClassChange[];
  /** Of both evaluations and all epochs, over all parts of the run. */
  readonly seconds: number;
}

/** `result.json`, and what `--json` prints. Nothing of Gimbal reads it: the format is for those who do. */
export function hardeningText(result: HardenResult): string {
  return toText(sealed({ format: formatName('hardening-result', 1), ...result }));
}
