import { renderFailuresCsv } from '../../report/failures-csv.ts';
import { renderHtml } from '../../report/render-html.ts';
import { renderMarkdown } from '../../report/render-markdown.ts';
import type { Platform } from '../platform.ts';
import type { ReportInput } from '../../report/report-input.ts';

/** What a report consists of. */
export const REPORT_FILES = ['report.html', 'report.md', 'failures.csv'] as const;

/** Writes the files of a report into a folder that exists, each whole or not at all. */
export async function writeReport(
  { files, figures }: Pick<Platform, 'files' | 'figures'>,
  folder: string,
  input: ReportInput,
): Promise<void> {
  await files.write(files.join(folder, 'report.html'), renderHtml(input, figures()));
  await files.write(files.join(folder, 'report.md'), renderMarkdown(input));
  await files.write(files.join(folder, 'failures.csv'), renderFailuresCsv(input.failures ?? [], input.classNames));
}
