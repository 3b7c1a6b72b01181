import type { Epoch } from '../../figures/training-curves.ts';
import type { MeasuredRow, Study } from '../../studies/study.ts';
import type { Made } from '../made.ts';
import type { Example, ReportSetting } from '../report-input.ts';

/** Everything that the report of a study says. */
export interface StudyReport {
  readonly title: string;
  /** Name of the test data. */
  readonly data: string;
  readonly setting: ReportSetting;
  /** Names of attacks, in the order of the columns. */
  readonly columns: readonly string[];
  /** Further tables of the same rows: those of which one of the columns that the first table lacks was measured. */
  readonly further?: Study['further'];
  /** Rows of which something was measured. */
  readonly rows: readonly MeasuredRow[];
  readonly contrast?: Contrast;
  readonly classNames?: readonly string[];
  readonly training: readonly TrainingRecord[];
  /** The single runs. */
  readonly details: readonly Detail[];
  /** The command that repeats it. */
  readonly command: string;
  readonly gimbal: string;
  readonly made?: Made;
}

/** A single run: with its report's path relative to this one, or, of shipped results, with what made it. */
export type Detail =
  | { readonly title: string; readonly path: string }
  | { readonly title: string; readonly command: string; readonly machine?: string; readonly seconds: number };

/** Images that fool one classifier and not another, however they are transformed. */
export interface Contrast {
  readonly fooled: string;
  readonly robust: string;
  readonly attack: string;
  readonly examples: readonly Example[];
}

/** How a classifier of a study was trained. */
export interface TrainingRecord {
  readonly classifier: string;
  readonly recipe: string;
  readonly seed: number;
  readonly parameters: number;
  /** Came with the package; else it was trained here. */
  readonly shipped?: boolean;
  readonly epochs: readonly (Epoch & { readonly seconds: number })[];
}
