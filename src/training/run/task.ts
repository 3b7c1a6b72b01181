import type { ImageSource } from '../../data/source.ts';
import { randomStream, type RandomStream } from '../../random/stream.ts';
import { createBox, type Box } from '../../sets/box.ts';
import { createWarp, DEFAULT_WARP, type Warp } from '../../transform/warp.ts';
import { splitHeldOut } from '../batches/order.ts';
import type { Trainable } from '../network/trainable.ts';
import type { Objective } from '../objectives/objective.ts';
import { objectiveNamed } from '../objectives/registry.ts';
import type { TrainingSettings } from '../recipes/recipe.ts';
import { schedule } from '../schedules/schedules.ts';

/** What a run is about: all that stays as it is from its first update to its last. */
export interface Task {
  readonly settings: TrainingSettings;
  readonly data: ImageSource;
  readonly network: Trainable;
  readonly objective: Objective;
  /** Limits of the transformations that are trained against and measured under. */
  readonly box: Box;
  readonly warp: Warp;
  /** Positions in the data trained on. */
  readonly positions: Uint32Array;
  readonly heldOut: Uint32Array;
  readonly streams: Readonly<
    Record<'flipCrop' | 'part' | 'colour' | 'zoom' | 'draw' | 'noise' | 'heldOut', RandomStream>
  >;
  readonly stepsPerEpoch: number;
  /** Updates of the whole run. */
  readonly steps: number;
  /** Learning rate of the update after `step` others. */
  rate(step: number): number;
}

/**
 * @param network what is trained
 * @throws misuse `too-few-images`
 */
export function createTask(settings: TrainingSettings, data: ImageSource, network: Trainable): Task {
  const { seed, batch } = settings;
  const { train: positions, heldOut } = splitHeldOut(data.length, settings.heldOut, batch, seed);
  const course = schedule(settings.schedule, settings);
  const stepsPerEpoch = Math.floor(positions.length / batch);
  const steps = settings.epochs * stepsPerEpoch;
  return {
    settings,
    data,
    network,
    positions,
    heldOut,
    stepsPerEpoch,
    steps,
    objective: objectiveNamed(settings.objective).create(settings),
    box: createBox(data.shape, settings.rotation, { unit: 'px', value: settings.translation }),
    warp: createWarp(data.shape, { ...DEFAULT_WARP, interpolation: settings.interpolation }),
    streams: {
      flipCrop: randomStream(seed, 'flip and crop'),
      part: randomStream(seed, 'part'),
      colour: randomStream(seed, 'colour'),
      zoom: randomStream(seed, 'zoom'),
      draw: randomStream(seed, 'transformation'),
      noise: randomStream(seed, 'noise'),
      heldOut: randomStream(seed, 'held-out draws'),
    },
    rate: (step) => settings.rate * course(step / steps),
  };
}
