import { renderTrainingHtml } from '../../report/training/render-training-html.ts';
import type { TrainingReport } from '../../report/training/training-report.ts';
import type { Platform } from '../platform.ts';
import { TRAINING_REPORT_FILE } from './training-files.ts';

/** Writes `report.html` into a run folder. */
export async function writeTrainingReport(
  { files, figures }: Pick<Platform, 'files' | 'figures'>,
  folder: string,
  report: TrainingReport,
): Promise<void> {
  await files.write(files.join(folder, TRAINING_REPORT_FILE), renderTrainingHtml(report, figures()));
}
