import { formatAttackName, parseAttackName } from '../../attacks/attack-name.ts';
import { createAttack } from '../../attacks/create-attack.ts';
import { type Landscape, measureLandscape } from '../../evaluation/landscape.ts';
import type { LabelledImage } from '../../image/image.ts';
import type { Classifier } from '../../model/classifier.ts';
import type { EvaluateOptions } from '../../options/evaluate-options.ts';
import { startRunClassifier } from './classifier.ts';
import type { Run } from './run.ts';

export interface LandscapeMeter {
  readonly count: number;
  /** `undefined` once the run is asked to stop. */
  readonly measure: (image: LabelledImage) => Promise<Landscape | undefined>;
  readonly close: () => Promise<void>;
}

/** Images whose landscape is shown where the number is not given and the run asks for what it explains. */
const SHOWN = 3;

/**
 * Measures the loss around images of a run, with the way of the first-order attack where that is among the attacks.
 * The classifier is started with the first image.
 */
export function landscapeMeter(run: Run, signal?: AbortSignal): LandscapeMeter {
  const { options, source, settings } = run;
  const slice = { ...settings.box, ty: 0 };
  const firstOrder = usesFirstOrder(options)
    ? createAttack(parseAttackName(FIRST_ORDER), { ...settings, box: slice })
    : undefined;
  const stopped = (): boolean => signal?.aborted === true;
  let classifier: Promise<Classifier> | undefined;
  return {
    count: landscapeCount(options),
    async measure(image) {
      if (stopped()) return undefined;
      classifier ??= startRunClassifier(run, signal);
      try {
        return await measureLandscape(await classifier, { ...image, shape: source.shape }, slice, firstOrder);
      } catch (error) {
        if (stopped()) return undefined;
        throw error;
      }
    },
    async close() {
      await (await classifier?.catch(() => undefined))?.close();
    },
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
