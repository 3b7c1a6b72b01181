import { formatAttackName, parseAttackName } from '../../attacks/attack-name.ts';
import { createAttack } from '../../attacks/create-attack.ts';
import { type Landscape, measureLandscape } from '../../evaluation/landscape.ts';
import type { LabelledImage } from '../../image/image.ts';
import type { EvaluateOptions } from '../../options/evaluate-options.ts';
import type { ReportClassifier } from './report-classifier.ts';
import type { Run } from './run.ts';

export interface LandscapeMeter {
  readonly count: number;
  /** `undefined` once the run is asked to stop. */
  readonly measure: (image: LabelledImage) => Promise<Landscape | undefined>;
}

/** Images whose landscape is shown where the number is not given and the run asks for what it explains. */
const SHOWN = 3;

/** Measures the loss around images of a run, with the way of the first-order attack where that is among the attacks. */
export function landscapeMeter({ options, source, settings }: Run, classifier: ReportClassifier): LandscapeMeter {
  const slice = { ...settings.box, ty: 0 };
  const firstOrder = usesFirstOrder(options)
    ? createAttack(parseAttackName(FIRST_ORDER), { ...settings, box: slice })
    : undefined;
  return {
    count: landscapeCount(options),
    measure: (image) =>
      classifier.ask((started) => measureLandscape(started, { ...image, shape: source.shape }, slice, firstOrder)),
  };
}

const FIRST_ORDER = formatAttackName({ kind: 'first-order', subset: 'full' });

function usesFirstOrder({ attacks }: EvaluateOptions): boolean {
  return attacks.includes(FIRST_ORDER);
}

function landscapeCount(options: EvaluateOptions): number {
  // The landscape is that of the model itself, which a vote never shows.
  if (options.vote !== undefined) return 0;
  return options.landscapes ?? (usesFirstOrder(options) || options.exhaustive ? SHOWN : 0);
}
