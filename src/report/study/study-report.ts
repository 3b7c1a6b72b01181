import type { Epoch } from '../../figures/training-curves.ts';
import type { MeasuredRow } from '../../studies/study.ts';
import type { Example, ReportSetting } from '../report-input.ts';

/** Everything that the report of a study says. */
export interface StudyReport {
  readonly title: string;
  /** Name of the test data. */
  readonly data: string;
  readonly setting: ReportSetting;
  /** Names of attacks, in the order of the columns. */
  readonly columns: readonly string[];
  /** Rows of which something was measured. */
  readonly rows: readonly MeasuredRow[];
  readonly contrast?: Contrast;
  readonly classNames?: readonly string[];
  readonly training: readonly TrainingRecord[];
  /** Reports of the single runs: title and path relative to this report. */
  readonly details: readonly { readonly title: string; readonly path: string }[];
  /** The command that repeats it. */
  readonly command: string;
  readonly gimbal: string;
}

/** Images that fool one classifier and not another, however they are transformed. */
export interface Contrast {
  readonly fooled: string;
  readonly robust: string;
  readonly attack: string;
  readonly examples: readonly Example[];
}

export interface TrainingRecord {
  readonly classifier: string;
  readonly recipe: string;
  readonly seed: number;
  readonly parameters: number;
  readonly epochs: readonly (Epoch & { readonly seconds: number })[];
}
