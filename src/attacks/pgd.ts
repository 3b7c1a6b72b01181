import { misuse } from '../errors/error.ts';
import { randomStream, type RandomStream } from '../random/stream.ts';
import { pixelFraction } from '../settings/numbers.ts';
import { toggle } from '../settings/value.ts';
import { IDENTITY, type Transformation } from '../transform/transformation.ts';
import {
  classify,
  askGradients,
  type Ask,
  type GradientOutcome,
  type Outcome,
  type Probe,
  type Target,
} from './attack.ts';
import { defineAttack, type AttackSetting, type SettingValues } from './definition.ts';
import { epsilonValue } from './epsilon.ts';
import { project, randomPerturbation, stepUp, type Norm } from './perturbation.ts';
import { GRADIENT_GROUP, RESTARTS, steps } from './shared-settings.ts';
import { WorstTracker } from './worst-tracker.ts';

export interface PgdSettings {
  readonly norm: Norm;
  /** Radius of the ball in raw pixels, which lie in [0, 1]. */
  readonly epsilon: number;
  /** Length of a step in raw pixels. */
  readonly step: number;
  /** Steps of each start; 5 in the paper's CIFAR-10 code. */
  readonly steps: number;
  readonly restarts: number;
  /** Start from a random point of the ball rather than from the image. */
  readonly randomStart: boolean;
}

/** Radius where none is given. */
const EPSILON = {
  linf: { value: 8 / 255, text: '8/255' },
  l2: { value: 128 / 255, text: '128/255' },
} as const;

/** The settings of an attack on pixels, with the defaults of its norm. */
export function pixelSettings(norm: Norm) {
  return {
    steps: steps(5),
    restarts: RESTARTS,
    epsilon: {
      schema: pixelFraction('the size of a perturbation'),
      facts: {
        group: GRADIENT_GROUP,
        value: '8/255',
        help: 'Pixel attacks: largest perturbation of pixels in [0, 1].',
      },
      default: EPSILON[norm].value,
      defaultText: EPSILON[norm].text,
    },
    step: {
      schema: pixelFraction('a step').optional(),
      facts: { group: GRADIENT_GROUP, value: '2/255', help: 'Pixel attacks: size of a step.' },
      default: undefined,
      defaultText: 'a quarter of epsilon',
    },
    randomStart: {
      schema: toggle(),
      facts: { group: GRADIENT_GROUP, help: 'Pixel attacks: start from the image itself, not from a random point.' },
      default: true,
    },
  } satisfies Record<string, AttackSetting<unknown>>;
}

/**
 * The ball and the steps that a name and settings ask for; a radius in the name counts.
 * @throws misuse `epsilon-out-of-range`
 */
export function pgdSettings(
  norm: Norm,
  asked: { readonly name: string; readonly epsilon?: string },
  settings: SettingValues<ReturnType<typeof pixelSettings>>,
): PgdSettings {
  const epsilon = asked.epsilon === undefined ? settings.epsilon : epsilonValue(asked.epsilon);
  const step = settings.step ?? epsilon / 4;
  if (!(epsilon >= 0) || !(step >= 0)) {
    throw misuse({
      code: 'epsilon-out-of-range',
      subject: asked.name,
      problem: `got an epsilon of ${epsilon} and a step of ${step}, allowed are numbers from 0 on.`,
    });
  }
  const { steps, restarts, randomStart } = settings;
  return { norm, epsilon, step, steps, restarts, randomStart };
}

/** `pixel noise up to 4/255`, or without the radius where the name gives none. */
export function noise(epsilon: string | undefined): string {
  return `pixel noise${epsilon === undefined ? '' : ` up to ${epsilon}`}`;
}

/**
 * Projected gradient descent in pixel space (Madry et al., ICLR 2018): right only if right on every iterate visited,
 * the last included. A verdict "fooled" is confirmed by a plain forward pass.
 */
function pgd(norm: Norm, bounded: string, tries: string) {
  return defineAttack({
    name: `pgd-${norm}`,
    hasForms: false,
    takesRadius: true,
    settings: pixelSettings(norm),
    documentation: { tries, rightWhen: 'right on every iterate' },
    create(asked) {
      const settings = pgdSettings(norm, asked, asked.settings);
      const { name, seed, exhaustive } = asked;
      const stream = randomStream(seed, 'pgd start');
      return {
        name,
        changes: 'pixels',
        words: { tries: `${noise(asked.epsilon)}, bounded ${bounded}` },
        seeks: 'worst',
        ...(asked.epsilon === undefined ? {} : { figure: { kind: 'radius', norm, epsilon: settings.epsilon } }),
        needsGradients: true,
        *search(target) {
          const tracker = new WorstTracker(target.label);
          yield* ascendPixels(target, IDENTITY, settings, stream, tracker, exhaustive, 0);
          const passes = settings.restarts * (settings.steps + 1);
          return { robust: !tracker.fooled, worst: tracker.worst, exhaustive: passes };
        },
      };
    },
  });
}

export const PGD_LINF = pgd(
  'linf',
  'at every pixel (L∞)',
  'projected gradient descent on the pixels, each within 8/255, in five steps of 2/255',
);
export const PGD_L2 = pgd('l2', 'in sum (L2)', 'the same within a Euclidean distance of 128/255 of the image');

/**
 * PGD on the untransformed image seen through one transformation.
 *
 * @param firstCandidate number of the first iterate among the attack's candidates
 */
export function* ascendPixels(
  target: Target,
  transformation: Transformation,
  settings: PgdSettings,
  stream: RandomStream,
  tracker: WorstTracker,
  exhaustive: boolean,
  firstCandidate: number,
): Generator<Ask, void, readonly (Outcome | GradientOutcome)[]> {
  const { norm, epsilon, step, steps, restarts, randomStart } = settings;
  for (let restart = 0; restart < restarts && (exhaustive || !tracker.fooled); restart++) {
    // A restart without a random start would repeat the first.
    let perturbation =
      randomStart || restart > 0
        ? randomPerturbation(target.pixels.length, norm, epsilon, stream, target.index, restart)
        : new Float32Array(target.pixels.length);
    project(perturbation, target.pixels, norm, epsilon);
    for (let i = 0; i <= steps; i++) {
      const probe: Probe = { transformation, perturbation, candidate: firstCandidate + restart * (steps + 1) + i };
      const last = i === steps;
      const outcome = last ? undefined : (yield* askGradients('pixels', [probe]))[0];
      // The plain pass decides, both at the end and where the gradient's own pass says "fooled".
      const plain =
        outcome === undefined || outcome.predicted !== target.label ? (yield* classify([probe]))[0] : outcome;
      tracker.offer(probe, plain);
      if (outcome === undefined || (tracker.fooled && !exhaustive)) break;
      perturbation = perturbation.slice();
      stepUp(perturbation, outcome.gradient, norm, step);
      project(perturbation, target.pixels, norm, epsilon);
    }
  }
}
