import { z } from 'zod';
import type { ImageSource } from '../../data/source.ts';
import { misuse } from '../../errors/error.ts';
import { optionWords } from '../../errors/option-words.ts';
import { describeShape } from '../../image/image.ts';
import { bySchema } from '../../json/by-schema.ts';
import { channelStatistics, type Normalisation } from '../batches/channel-statistics.ts';
import { splitHeldOut } from '../batches/order.ts';
import type { NetworkDescription } from '../network/network.ts';
import type { NetworkState, Trainable } from '../network/trainable.ts';
import type { Checkpoint } from './checkpoint.ts';

/** Where another run stood, for a run that begins with its weights. */
export interface StartingPoint {
  /** Its path, for messages. */
  readonly name: string;
  readonly checkpoint: Checkpoint;
  /** SHA-256 of what is taken over. */
  readonly sha256: string;
}

/**
 * The network that a run gives away, of its checkpoint: the best one where that is kept, else the averaged one where
 * there is one.
 */
export function resultOf({ vectors }: Checkpoint): NetworkState {
  const vector = (name: string): Float32Array =>
    (vectors.get(`best ${name}`) ?? vectors.get(`averaged ${name}`) ?? vectors.get(name)) as Float32Array;
  return { parameters: vector('parameters'), statistics: vector('statistics') };
}

const size = z.int().positive();

/** What of the identity in a checkpoint tells which network it is of, and on what it was trained. */
const trainingSchema = z.looseObject({
  settings: z.looseObject({
    architecture: z.string(),
    depth: size.optional(),
    width: size.optional(),
    heldOut: z.int().nonnegative(),
    batch: size,
    seed: z.int().nonnegative(),
  }),
  data: z.looseObject({ fingerprint: z.string(), shape: z.string(), classes: size }),
});

/** @throws misuse `bad-checkpoint` where it is of another run than a recipe's: of one that hardens a model */
function trainingOf({ checkpoint, name }: Pick<StartingPoint, 'checkpoint' | 'name'>): z.output<typeof trainingSchema> {
  return bySchema(checkpoint.identity, trainingSchema, {
    code: 'bad-checkpoint',
    subject: `${name}: its checkpoint`,
    advice: 'Give the folder of a gimbal train run, or its checkpoint.bin.',
  });
}

/**
 * The normalisation that the weights of a start go with. Checkpoints of earlier versions do not hold it; it follows
 * from the images where these are the same.
 * @throws misuse `start-without-normalisation`
 */
export async function normalisationOf({ checkpoint, name }: StartingPoint, data: ImageSource): Promise<Normalisation> {
  if (checkpoint.normalisation !== undefined) return checkpoint.normalisation;
  const { settings, data: trainedOn } = trainingOf({ checkpoint, name });
  if (trainedOn.fingerprint === data.fingerprint) {
    return channelStatistics(data, splitHeldOut(data.length, settings.heldOut, settings.batch, settings.seed).train);
  }
  throw misuse({
    code: 'start-without-normalisation',
    subject: name,
    problem:
      'its checkpoint is of an earlier version, which did not keep the normalisation of the input, ' +
      'and was trained on other images.',
    advice: 'Start from a run of this version, or train on the same images.',
  });
}

/**
 * To be asked before the network is built: another one may need other things of the start than this holds.
 * @throws misuse `other-network` where the start is another network than the one to be trained, naming the difference
 */
export function requireSameNetwork(
  start: StartingPoint,
  { architecture, options, shape, classes }: Omit<NetworkDescription, keyof Normalisation>,
): void {
  const { settings, data } = trainingOf(start);
  requireEqual(start, [
    ['architecture', settings.architecture, architecture.name],
    ['depth', settings.depth ?? architecture.defaults.depth, options.depth],
    ['width', settings.width ?? architecture.defaults.width, options.width],
    ['images', data.shape, describeShape(shape)],
    ['classes', data.classes, classes],
  ]);
}

/**
 * @throws misuse `other-network` where the start's vectors do not fit the network, as those of an earlier version may
 *   not
 */
export function requireSameSize(start: StartingPoint, { layout, statistics }: Trainable): void {
  const result = resultOf(start.checkpoint);
  requireEqual(start, [
    ['parameters', result.parameters.length, layout.total],
    ['statistics of norms', result.statistics.length, statistics.total],
  ]);
}

function requireEqual(
  { name }: StartingPoint,
  pairs: readonly (readonly [what: string, there: unknown, here: unknown])[],
): void {
  const other = pairs.find(([, there, here]) => there !== here);
  if (other === undefined) return;
  throw misuse({
    code: 'other-network',
    subject: name,
    problem: `it is another network: ${other[0]} ${String(other[1])}, here ${String(other[2])}.`,
    advice:
      'Start from a run of the same architecture, size of images and classes, or change the recipe with ' +
      `${optionWords('set')}.`,
  });
}
