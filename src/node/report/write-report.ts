import { join } from 'node:path';
import { parseHTML } from 'linkedom';
import type { FigureDocument } from '../../figures/frame.ts';
import { renderFailuresCsv } from '../../report/failures-csv.ts';
import { renderHtml } from '../../report/render-html.ts';
import { renderMarkdown } from '../../report/render-markdown.ts';
import { writeAtomically } from '../output/write-atomically.ts';
import type { ReportInput } from '../../report/report-input.ts';

/** What a report consists of. */
export const REPORT_FILES = ['report.html', 'report.md', 'failures.csv'] as const;

/** Writes the files of a report into a folder that exists, each whole or not at all. */
export async function writeReport(folder: string, input: ReportInput): Promise<void> {
  const { document } = parseHTML('<!doctype html><html></html>') as unknown as { document: FigureDocument };
  await writeAtomically(join(folder, 'report.html'), renderHtml(input, document));
  await writeAtomically(join(folder, 'report.md'), renderMarkdown(input));
  await writeAtomically(join(folder, 'failures.csv'), renderFailuresCsv(input.failures ?? [], input.classNames));
}
