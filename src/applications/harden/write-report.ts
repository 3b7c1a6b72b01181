import type { HardeningViews } from '../../report/hardening/hardening-report.ts';
import { renderHardeningHtml } from '../../report/hardening/render-hardening-html.ts';
import { renderHardeningMarkdown } from '../../report/hardening/render-hardening-markdown.ts';
import type { Platform } from '../platform.ts';
import type { HardenResult } from './result.ts';

/** Writes `report.html` and `report.md` into the folder of a hardening. */
export async function writeHardeningReport(
  { files, figures }: Pick<Platform, 'files' | 'figures'>,
  folder: string,
  result: HardenResult,
  views: HardeningViews,
): Promise<void> {
  await files.write(files.join(folder, 'report.html'), renderHardeningHtml(result, figures(), views));
  await files.write(files.join(folder, 'report.md'), renderHardeningMarkdown(result));
}
