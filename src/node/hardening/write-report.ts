import { join } from 'node:path';
import { parseHTML } from 'linkedom';
import type { FigureDocument } from '../../figures/frame.ts';
import type { HardeningViews } from '../../report/hardening/hardening-report.ts';
import { renderHardeningHtml } from '../../report/hardening/render-hardening-html.ts';
import { renderHardeningMarkdown } from '../../report/hardening/render-hardening-markdown.ts';
import { writeAtomically } from '../output/write-atomically.ts';
import type { HardenResult } from './result.ts';

/** Writes `report.html` and `report.md` into the folder of a hardening. */
export async function writeHardeningReport(folder: string, result: HardenResult, views: HardeningViews): Promise<void> {
  const { document } = parseHTML('<!doctype html><html></html>') as unknown as { document: FigureDocument };
  await writeAtomically(join(folder, 'report.html'), renderHardeningHtml(result, document, views));
  await writeAtomically(join(folder, 'report.md'), renderHardeningMarkdown(result));
}
