import { randomStream, type RandomStream } from '../random/stream.ts';
import { IDENTITY, type Transformation } from '../transform/transformation.ts';
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
import { project, randomPerturbation, stepUp, type Norm } from './perturbation.ts';
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

/**
 * Projected gradient descent in pixel space (Madry et al., ICLR 2018): right only if right on every iterate visited,
 * the last included. A verdict "fooled" is confirmed by a plain forward pass.
 */
export function pgdAttack(name: string, settings: PgdSettings, seed: number, exhaustive: boolean): Attack {
  const stream = randomStream(seed, 'pgd start');
  return {
    name,
    needsGradients: true,
    *search(target) {
      const tracker = new WorstTracker(target.label);
      yield* ascendPixels(target, IDENTITY, settings, stream, tracker, exhaustive, 0);
      return { robust: !tracker.fooled, worst: tracker.worst, exhaustive: settings.restarts * (settings.steps + 1) };
    },
  };
}

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
      const outcome = last ? undefined : (yield* differentiate('pixels', [probe]))[0];
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
