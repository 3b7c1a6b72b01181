import type { Attack, AttackFacts } from '../../attacks/attack.ts';
import { type Landscape, LANDSCAPE_POINTS, measureLandscape } from '../../evaluation/landscape.ts';
import type { EvaluationResult } from '../../evaluation/records.ts';
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

/** Images whose landscape is shown where the number is not given. */
const SHOWN = 3;
/** Of the forward passes that the run made, those that landscapes may take which it does not ask for. */
const SHARE = 1 / 8;

/** Measures the loss around images of a run, with the way of the first-order attack where that is among the attacks. */
export function landscapeMeter(
  run: Run,
  { evaluations }: EvaluationResult,
  classifier: ReportClassifier,
): LandscapeMeter {
  const { options, attacks, source, settings } = run;
  const slice = { ...settings.box, ty: 0 };
  const climb = climbWithin(attacks, slice);
  return {
    count: landscapeCount(options, climb !== undefined, SHARE * evaluations.made),
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

/** @param passes that landscapes may take where nothing asks for them */
function landscapeCount(options: EvaluateOptions, climbs: boolean, passes: number): number {
  // The landscape is that of the model itself, which a vote never shows.
  if (options.vote !== undefined) return 0;
  return (
    options.landscapes ??
    (climbs || options.exhaustive ? SHOWN : Math.min(SHOWN, Math.floor(passes / LANDSCAPE_POINTS)))
  );
}
