import { randomStream, type RandomStream } from '../random/stream.ts';
import type { Box } from '../sets/box.ts';
import { drawTransformation } from '../sets/draws.ts';
import type { Transformation } from '../transform/transformation.ts';
import {
  classify,
  differentiate,
  type Ask,
  type Attack,
  type GradientOutcome,
  type Outcome,
  type Probe,
  type Target,
} from './attack.ts';
import { WorstTracker } from './worst-tracker.ts';
import { largestOf } from '../statistics/extremes.ts';

export interface FirstOrderSettings {
  /** Steps of each start; 200 in the definition. */
  readonly steps: number;
  /** Length of a step as a fraction of each limit; 0.01 in the definition. */
  readonly stepSize: number;
  /**
   * `sign`: each parameter moves by its whole step along the sign of its derivative. `raw`: the parameters, measured in
   * their limits, move along the gradient, the steepest of them by its whole step.
   */
  readonly form: 'sign' | 'raw';
  /** Random starts inside the box, from 1 on. */
  readonly restarts: number;
  /** `exact`: differentiate the model. `finite-difference`: central differences, six forward passes a step. */
  readonly gradient: 'exact' | 'finite-difference';
}

/** Half width of a central difference, as a fraction of each limit. */
const DIFFERENCE = 0.005;

const KEYS = ['tx', 'ty', 'angle'] as const;

/**
 * Projected gradient ascent of the cross-entropy in (tx, ty, angle) from random starts inside the box: right only if
 * right on every iterate visited. A start ends where it fools, and the verdict is confirmed by a plain forward pass.
 *
 * @param exhaustive go on after the image is fooled, through all steps and restarts
 */
export function firstOrderAttack(
  name: string,
  box: Box,
  settings: FirstOrderSettings,
  seed: number,
  exhaustive: boolean,
): Attack {
  const stream = randomStream(seed, 'first-order start');
  return {
    name,
    needsGradients: settings.gradient === 'exact',
    *search(target) {
      const tracker = new WorstTracker(target.label);
      const path: [number, number, number, number][] = [];
      for (let restart = 0; restart < settings.restarts && (exhaustive || !tracker.fooled); restart++) {
        let t = start(box, stream, target, restart);
        for (let step = 0; step <= settings.steps; step++) {
          const probe: Probe = { transformation: t, candidate: restart * (settings.steps + 1) + step };
          const last = step === settings.steps;
          const [outcome, gradient] = yield* visit(probe, box, settings, last);
          path.push([t.tx, t.ty, t.angle, outcome.loss]);
          const confirmed =
            outcome.predicted === target.label || last || settings.gradient === 'finite-difference'
              ? outcome
              : (yield* classify([probe]))[0];
          tracker.offer(probe, confirmed);
          if (last || (tracker.fooled && !exhaustive)) break;
          t = ascend(t, gradient, box, settings);
        }
      }
      const passes = settings.gradient === 'exact' ? 1 : 1 + 2 * movable(box);
      return {
        robust: !tracker.fooled,
        worst: tracker.worst,
        exhaustive: settings.restarts * (settings.steps * passes + 1),
        path,
      };
    },
  };
}

function movable(box: Box): number {
  return KEYS.filter((key) => box[key] > 0).length;
}

function start(box: Box, stream: RandomStream, target: Target, restart: number): Transformation {
  return drawTransformation(box, stream, target.index, restart);
}

type Visit = [outcome: Outcome, gradient: ArrayLike<number>];

/** Outcome and gradient at a probe; no gradient where it is the last. */
function* visit(
  probe: Probe,
  box: Box,
  settings: FirstOrderSettings,
  last: boolean,
): Generator<Ask, Visit, readonly (Outcome | GradientOutcome)[]> {
  if (last) return [(yield* classify([probe]))[0], []];
  if (settings.gradient === 'exact') {
    const [outcome] = yield* differentiate('transformation', [probe]);
    return [outcome, outcome.gradient];
  }
  const { transformation: t } = probe;
  const around = KEYS.filter((key) => box[key] > 0).flatMap((key) =>
    [1, -1].map((side) => ({ ...probe, transformation: { ...t, [key]: t[key] + side * DIFFERENCE * box[key] } })),
  );
  const [outcome, ...outcomes] = yield* classify([probe, ...around]);
  let next = 0;
  const gradient = KEYS.map((key) => {
    if (box[key] === 0) return 0;
    const [above, below] = [outcomes[next++], outcomes[next++]];
    return (above.loss - below.loss) / (2 * DIFFERENCE * box[key]);
  });
  return [outcome, gradient];
}

/** One step up, projected onto the box. */
function ascend(
  t: Transformation,
  gradient: ArrayLike<number>,
  box: Box,
  { stepSize, form }: FirstOrderSettings,
): Transformation {
  const scaled = KEYS.map((key, i) => gradient[i] * box[key]);
  const steepest = largestOf(scaled.map(Math.abs));
  const direction = scaled.map((value) => (form === 'sign' ? Math.sign(value) : steepest === 0 ? 0 : value / steepest));
  const moved = KEYS.map(
    (key, i) => Math.min(box[key], Math.max(-box[key], t[key] + stepSize * box[key] * direction[i])) + 0,
  );
  return { tx: moved[0], ty: moved[1], angle: moved[2] };
}
