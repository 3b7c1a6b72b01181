import { join } from 'node:path';
import { parseHTML } from 'linkedom';
import type { FigureDocument } from '../../figures/frame.ts';
import { renderTrainingHtml } from '../../report/training/render-training-html.ts';
import type { TrainingReport } from '../../report/training/training-report.ts';
import { writeAtomically } from '../output/write-atomically.ts';

export const REPORT_FILE = 'report.html';

/** Writes `report.html` into a run folder. */
export async function writeTrainingReport(folder: string, report: TrainingReport): Promise<void> {
  const { document } = parseHTML('<!doctype html><html></html>') as unknown as { document: FigureDocument };
  await writeAtomically(join(folder, REPORT_FILE), renderTrainingHtml(report, document));
}
