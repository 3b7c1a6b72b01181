import type { Extent } from '../../attacks/attack.ts';
import type { Survival } from '../../evaluation/records.ts';
import type { FigureDocument } from '../../figures/frame.ts';
import { survivalCurve } from '../../figures/survival-curve.ts';
import type { Content, Markup } from '../markup.ts';
import { figure } from '../section.ts';

/** What is left of the images up to each size: the curve of one run, or of several. */
export function survivalFigure(
  document: FigureDocument,
  extent: Extent,
  curves: readonly { readonly name: string; readonly survival: Survival }[],
  explanation: Content = 'Height at x: share of the images that withstand everything up to x. ' +
    'The bands are 95 % Wilson intervals.',
): Markup {
  const scale = extent === 'box' ? 100 : 1;
  const drawn = curves.map(({ name, survival: { limits, withstand, interval } }) => ({
    name,
    x: limits.map((limit) => scale * limit),
    values: withstand,
    intervals: interval,
  }));
  return figure(survivalCurve(document, drawn, AXIS[extent]), `What is left up to each ${WHAT[extent]}`, explanation);
}

const AXIS: Readonly<Record<Extent, string>> = {
  rotation: 'every rotation up to (degrees)',
  translation: 'every shift up to (pixels)',
  box: 'every rotation and shift up to (% of the limits)',
};

const WHAT: Readonly<Record<Extent, string>> = { rotation: 'angle', translation: 'shift', box: 'share of the limits' };
