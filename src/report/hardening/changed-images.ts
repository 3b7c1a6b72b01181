import { html, type Markup } from '../markup.ts';
import type { Example } from '../report-input.ts';
import type { Section } from '../section.ts';
import { exampleCard } from '../sections/examples.ts';
import { formatCount } from '../words.ts';
import type { HardeningReport, HardeningViews } from './hardening-report.ts';

/** Pictures of images that hardening won and of those that it lost. */
export function imagesSection(
  { images }: HardeningReport,
  { won, lost, classNames }: HardeningViews,
): Section | undefined {
  if (images === undefined || won.length + lost.length === 0) return undefined;
  const list = (title: string, all: readonly number[], shown: readonly Example[]): Markup | undefined =>
    shown.length === 0
      ? undefined
      : html`
    <h3>${title}: ${formatCount(all.length)} ${all.length === 1 ? 'image' : 'images'}</h3>
    <ul class="examples">${shown.map((example) => exampleCard(example, classNames))}</ul>`;
  const body = html`
    <p>Under ${images.attack}. Images won are shown with what fooled the model before and no longer does; images lost with what fools it now.
      The first ones are shown that both models see right as they are; all indices stand in result.json.</p>
    ${[list('Won', images.won, won), list('Lost', images.lost, lost)]}`;
  return { id: 'images', title: 'Images won and lost', short: 'Images', body };
}
