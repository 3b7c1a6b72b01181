import type { Landscape } from '../../evaluation/landscape.ts';
import type { FigureDocument } from '../../figures/document.ts';
import { lossLandscape, nothingHappens } from '../../figures/loss-landscape.ts';
import { html, type Markup } from '../markup.ts';
import { figure, figures, type Section } from '../section.ts';
import { className } from '../words.ts';
import type { HardeningViews } from './hardening-report.ts';

/** The loss around chosen images, of the model before and of the hardened one side by side. */
export function changedLandscapesSection(
  { landscapes, classNames }: HardeningViews,
  document: FigureDocument,
): Section | undefined {
  const shown = landscapes.filter(({ before }) => before.angles.length > 1 && before.tx.length > 1);
  if (shown.length === 0) return undefined;
  const body = html`
    <p>Where the loss is high the model is sure of a wrong class. Each map has a colour scale of its own:
      read its ends.</p>
    ${shown.map(({ before, after }) => figures(map(before, 'before'), map(after, 'after')))}`;
  return { id: 'landscapes', title: 'The loss over angle and shift', short: 'Loss', body };

  function map(landscape: Landscape, when: 'before' | 'after'): Markup {
    const name = `Image ${landscape.index} (${className(landscape.label, classNames)}), ${when}`;
    const wrong = landscape.correct.filter((correct) => correct === 0).length;
    return figure(
      lossLandscape(document, { ...landscape, name }),
      name,
      nothingHappens(landscape)
        ? 'Nothing happens: right and sure at every point.'
        : `Wrong at ${wrong} of ${landscape.correct.length} points, not shifted up or down.`,
    );
  }
}
