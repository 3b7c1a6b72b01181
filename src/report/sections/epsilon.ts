import { accuracyOverEpsilon } from '../../figures/accuracy-over-epsilon.ts';
import type { FigureDocument } from '../../figures/document.ts';
import { epsilonCurves } from '../epsilon-curves.ts';
import { html, type Markup } from '../markup.ts';
import type { ReportInput } from '../report-input.ts';
import { figure, figures, type Section } from '../section.ts';

/** Accuracy under pixel noise of growing size, transformations and both. */
export function epsilonSection({ result, setting }: ReportInput, document: FigureDocument): Section | undefined {
  const charts = NORMS.flatMap(({ norm, title }): Markup[] => {
    const curves = epsilonCurves(result, setting, norm);
    return curves.length === 0
      ? []
      : [figure(accuracyOverEpsilon(document, curves, norm), title, 'Bands are 95 % Wilson intervals.')];
  });
  if (charts.length === 0) return undefined;
  const body = html`
    <p>Noise changes the values of pixels, transformations move them. Where the curve of both lies below
      each alone, the two weaknesses add up.</p>
    ${figures(...charts)}`;
  return { id: 'epsilon', title: 'Pixel noise and transformations', short: 'Pixel noise', body };
}

const NORMS = [
  { norm: 'linf', title: 'Accuracy over the size of the noise (L∞)' },
  { norm: 'l2', title: 'Accuracy over the size of the noise (L2)' },
] as const;
