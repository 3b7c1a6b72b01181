import { randomStream, type RandomStream } from '../random/stream.ts';
import { limitFraction } from '../settings/numbers.ts';
import { choice } from '../settings/value.ts';
import { clampTo, PARAMETERS, restrictBox, type Box } from '../sets/box.ts';
import { drawTransformation } from '../sets/draws.ts';
import type { Transformation } from '../transform/transformation.ts';
import { withoutGradient } from '../transform/warp.ts';
import {
  classify,
  askGradients,
  type Ask,
  type Attack,
  type GradientOutcome,
  type Outcome,
  type Probe,
  type Search,
  type Target,
} from './attack.ts';
import { defineAttack, type Asked, type AttackSetting, type SettingValues } from './definition.ts';
import { GRADIENT_GROUP, RESTARTS, steps } from './shared-settings.ts';
import { ONE } from './words.ts';
import { WorstTracker } from './worst-tracker.ts';
import { largestOf } from '../statistics/extremes.ts';

/**
 * `sign`: each parameter moves by its whole step along the sign of its derivative. `raw`: the parameters, measured in
 * their limits, move along the gradient, the steepest of them by its whole step.
 */
const FORMS = ['sign', 'raw'] as const;
/** `exact`: differentiate the model. `finite-difference`: central differences, six forward passes a step. */
const GRADIENTS = ['exact', 'finite-difference'] as const;

const SETTINGS = {
  steps: steps(200),
  stepSize: {
    schema: limitFraction(),
    facts: { group: GRADIENT_GROUP, value: 'F', help: 'first-order: step as a fraction of each limit.' },
    default: 0.01,
  },
  gradientForm: {
    schema: choice(FORMS),
    facts: {
      group: GRADIENT_GROUP,
      value: 'sign|raw',
      help: 'first-order: step along the sign of the gradient or the gradient itself.',
    },
    default: 'sign',
  },
  gradient: {
    schema: choice(GRADIENTS),
    facts: {
      group: GRADIENT_GROUP,
      value: 'exact|finite-difference',
      help: 'Differentiate the model, or estimate with six forward passes a step.',
    },
    default: 'exact',
  },
  restarts: RESTARTS,
} satisfies Record<string, AttackSetting<unknown>>;

type FirstOrderSettings = SettingValues<typeof SETTINGS>;

/** Half width of a central difference, as a fraction of each limit. */
const DIFFERENCE = 0.005;

/**
 * Projected gradient ascent of the cross-entropy in (tx, ty, angle) from random starts inside the box: right only if
 * right on every iterate visited. A start ends where it fools, and the verdict is confirmed by a plain forward pass.
 */
export const FIRST_ORDER = defineAttack({
  name: 'first-order',
  hasForms: true,
  takesRadius: false,
  settings: SETTINGS,
  page: { words: 'uphill by the gradient', exhaustive: false },
  documentation: {
    tries:
      'projected gradient ascent of the cross-entropy in (tx, ty, angle) from a random start, ' +
      '200 steps of 1 % of each limit by sign',
    rightWhen: 'right on every iterate',
  },
  create: firstOrder,
});

function firstOrder(asked: Asked<typeof SETTINGS>): Attack {
  const { name, subset, box, warp, seed, exhaustive, settings } = asked;
  // Of differences between losses there is none that means a slope either.
  if (warp.interpolation === 'nearest') throw withoutGradient(`attack "${name}"`);
  return {
    name,
    changes: 'view',
    subset,
    words: {
      tries: `gradient ascent on the ${ONE[subset]}`,
      under: (range) => `under the first-order attack with ${range}`,
    },
    seeks: 'worst',
    figure: { kind: 'path', within: (other) => firstOrder({ ...asked, box: restrictBox(other, subset) }) },
    needsGradients: settings.gradient === 'exact',
    search: (target) => climb(target, box, settings, randomStream(seed, 'first-order start'), exhaustive),
  };
}

/** @param exhaustive go on after the image is fooled, through all steps and restarts */
function* climb(
  target: Target,
  box: Box,
  settings: FirstOrderSettings,
  stream: RandomStream,
  exhaustive: boolean,
): Search {
  const tracker = new WorstTracker(target.label);
  const path: [number, number, number, number][] = [];
  for (let restart = 0; restart < settings.restarts && (exhaustive || !tracker.fooled); restart++) {
    let t = drawTransformation(box, stream, target.index, restart);
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
}

function movable(box: Box): number {
  return PARAMETERS.filter((key) => box[key] > 0).length;
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
    const [outcome] = yield* askGradients('transformation', [probe]);
    return [outcome, outcome.gradient];
  }
  const { transformation: t } = probe;
  const around = PARAMETERS.filter((key) => box[key] > 0).flatMap((key) =>
    [1, -1].map((side) => ({ ...probe, transformation: { ...t, [key]: t[key] + side * DIFFERENCE * box[key] } })),
  );
  const [outcome, ...outcomes] = yield* classify([probe, ...around]);
  let next = 0;
  const gradient = PARAMETERS.map((key) => {
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
  { stepSize, gradientForm: form }: FirstOrderSettings,
): Transformation {
  const scaled = PARAMETERS.map((key, i) => gradient[i] * box[key]);
  const steepest = largestOf(scaled.map(Math.abs));
  const direction = scaled.map((value) => (form === 'sign' ? Math.sign(value) : steepest === 0 ? 0 : value / steepest));
  const [tx, ty, angle] = PARAMETERS.map((key, i) => t[key] + stepSize * box[key] * direction[i]);
  return clampTo(box, { tx, ty, angle });
}
