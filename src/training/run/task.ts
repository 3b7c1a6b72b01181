import type { ImageSource } from '../../data/source.ts';
import { randomStream, type RandomStream } from '../../random/stream.ts';
import { createBox, type Box } from '../../sets/box.ts';
import { createWarp, type Warp } from '../../transform/warp.ts';
import type { Architecture } from '../architectures/architecture.ts';
import { architectureNamed } from '../architectures/index.ts';
import { channelStatistics, type Normalisation } from '../batches/channel-statistics.ts';
import { splitHeldOut } from '../batches/order.ts';
import { patchWhitening } from '../batches/patch-whitening.ts';
import { Network } from '../network/network.ts';
import type { Trainable } from '../network/trainable.ts';
import { objectiveOf } from '../objectives/index.ts';
import type { Objective } from '../objectives/objective.ts';
import type { Hyperparameters } from '../recipes/recipe.ts';
import { schedule } from '../schedules/schedules.ts';
import { normalisationOf, requireSameNetwork, requireSameSize, type StartingPoint } from './starting-point.ts';

/** What a run is about: all that stays as it is from its first update to its last. */
export interface Task {
  readonly settings: Hyperparameters;
  readonly data: ImageSource;
  readonly network: Trainable;
  readonly objective: Objective;
  /** Limits of the transformations that are trained against and measured under. */
  readonly box: Box;
  readonly warp: Warp;
  /** Positions in the data trained on. */
  readonly positions: Uint32Array;
  readonly heldOut: Uint32Array;
  readonly streams: Readonly<Record<'flipCrop' | 'draw' | 'noise' | 'heldOut', RandomStream>>;
  readonly stepsPerEpoch: number;
  /** Updates of the whole run. */
  readonly steps: number;
  /** Learning rate of the update after `step` others. */
  rate(step: number): number;
}

/**
 * @param fitted what the run found for its normalisation when it began, where it goes on
 * @throws misuse `too-few-images`, or that the start is of another network
 */
export async function createTask(
  settings: Hyperparameters,
  data: ImageSource,
  start?: StartingPoint,
  fitted?: Normalisation,
): Promise<Task> {
  const { seed, batch } = settings;
  const { shape, classes } = data;
  const { train: positions, heldOut } = splitHeldOut(data.length, settings.heldOut, batch, seed);
  const architecture = architectureNamed(settings.architecture);
  const described = {
    architecture,
    options: {
      depth: settings.depth ?? architecture.defaults.depth,
      width: settings.width ?? architecture.defaults.width,
    },
    shape,
    classes,
  };
  if (start !== undefined) requireSameNetwork(start, described);
  const normalisation =
    fitted ??
    (start === undefined ? await fitNormalisation(architecture, data, positions) : await normalisationOf(start, data));
  const network = new Network({ ...described, ...normalisation });
  if (start !== undefined) requireSameSize(start, network);
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
    objective: objectiveOf(settings),
    box: createBox(shape, settings.rotation, { unit: 'px', value: settings.translation }),
    warp: createWarp(shape),
    streams: {
      flipCrop: randomStream(seed, 'flip and crop'),
      draw: randomStream(seed, 'transformation'),
      noise: randomStream(seed, 'noise'),
      heldOut: randomStream(seed, 'held-out draws'),
    },
    rate: (step) => settings.rate * course(step / steps),
  };
}

/** What the network does to its input before anything is trained. */
async function fitNormalisation(
  { whitens }: Architecture,
  data: ImageSource,
  positions: Uint32Array,
): Promise<Normalisation> {
  const statistics = await channelStatistics(data, positions);
  return whitens === undefined
    ? statistics
    : { ...statistics, whitening: await patchWhitening(data, positions, statistics, whitens) };
}
