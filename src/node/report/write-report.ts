import { join } from 'node:path';
import { parseHTML } from 'linkedom';
import type { FigureDocument } from '../../figures/frame.ts';
import { renderHtml } from '../../report/render-html.ts';
import { renderMarkdown } from '../../report/render-markdown.ts';
import { writeAtomically } from '../output/write-atomically.ts';
import type { ReportInput } from '../../report/report-input.ts';

/** Writes `report.html` and `report.md` into a folder that exists, each whole or not at all. */
export async function writeReport(folder: string, input: ReportInput): Promise<void> {
  const { document } = parseHTML('<!doctype html><html></html>') as unknown as { document: FigureDocument };
  await writeAtomically(join(folder, 'report.html'), renderHtml(input, document));
  await writeAtomically(join(folder, 'report.md'), renderMarkdown(input));
}
