import type { Attack, AttackFacts } from '../../attacks/attack.ts';
import { type Landscape, measureLandscape } from '../../evaluation/landscape.ts';
import type { LabelledImage } from '../../image/image.ts';
import type { EvaluateOptions } from '../../options/evaluate-options.ts';
import type { ReportClassifier } from './report-classifier.ts';
import type { Box } from '../../sets/box.ts';
import type { Run } from './run.ts';

export interface LandscapeMeter {
  readonly count: number;
  /** `undefined` once the run is asked to stop. */
  readonly measure: (image: LabelledImage) => Promise<Landscape | undefined>;
}

/** Images whose landscape is shown where the number is not given and the run asks for what it explains. */
const SHOWN = 3;

/** Measures the loss around images of a run, with the way of the first-order attack where that is among the attacks. */
export function landscapeMeter(run: Run, classifier: ReportClassifier): LandscapeMeter {
  const { options, attacks, source, settings } = run;
  const slice = { ...settings.box, ty: 0 };
  const climb = climbWithin(attacks, slice);
  return {
    count: landscapeCount(options, climb !== undefined),
    measure: (image) =>
      classifier.ask((started) =>
        measureLandscape(started, { ...image, shape: source.shape }, slice, { firstOrder: climb }),
      ),
  };
}

/** The attack that goes a way through all of the box which can be drawn, made anew for a part of the box. */
function climbWithin(attacks: readonly AttackFacts[], box: Box): Attack | undefined {
  const figures = attacks.flatMap(({ figure, subset = 'full' }) =>
    figure?.kind === 'path' && subset === 'full' ? [figure] : [],
  );
  return figures.at(0)?.within(box);
}

function landscapeCount(options: EvaluateOptions, climbs: boolean): number {
  // The landscape is that of the model itself, which a vote never shows.
  if (options.vote !== undefined) return 0;
  return options.landscapes ?? (climbs || options.exhaustive ? SHOWN : 0);
}
