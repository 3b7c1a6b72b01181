import { accuracyOverEpsilon } from '../../figures/accuracy-over-epsilon.ts';
import type { FigureDocument } from '../../figures/frame.ts';
import { html } from '../markup.ts';
import type { ReportInput } from '../report-input.ts';
import { figure, figures, type Section } from '../section.ts';

/** Accuracy under pixel noise, transformations and both. */
export function epsilonSection({ epsilon }: ReportInput, document: FigureDocument): Section | undefined {
  if (epsilon === undefined || epsilon.epsilons.length < 2) return undefined;
  const { epsilons, curves, norm } = epsilon;
  const body = html`
    <p>Noise that changes pixels and transformations that move them are different weaknesses. Where the curve of both lies below each single one, they add up.</p>
    ${figures(figure(accuracyOverEpsilon(document, epsilons, curves, norm === 'linf' ? '1/255' : '1'), 'Accuracy over the size of the pixel noise', curves.some(({ intervals }) => intervals !== undefined) ? 'Bands are 95 % Wilson intervals.' : undefined))}`;
  return { id: 'epsilon', title: 'Pixel noise and transformations', short: 'Pixel noise', body };
}
