import type { ImageSource } from '../../data/source.ts';
import { misuse } from '../../errors/error.ts';
import { optionWords } from '../../errors/option-words.ts';
import { permutation, randomStream } from '../../random/stream.ts';

/** Positions in the data set: those trained on and those kept apart to measure progress. */
export interface SplitPositions {
  readonly train: Uint32Array;
  readonly heldOut: Uint32Array;
}

/** Keeps `heldOut` random positions apart. A pure function of its arguments. @throws misuse `too-few-images` */
export function splitHeldOut(length: number, heldOut: number, batch: number, seed: number): SplitPositions {
  if (length - heldOut < batch) {
    const fewer = Math.floor(length / 10);
    const smaller = Math.max(1, Math.min(batch, 2 ** Math.floor(Math.log2(Math.max(1, length / 10)))));
    throw misuse({
      code: 'too-few-images',
      subject: 'training data',
      problem: `of ${length} images ${heldOut} are held out, which leaves less than one batch of ${batch}.`,
      advice: `Lower them, for example with ${optionWords('set', [`heldOut=${fewer}`, `batch=${smaller}`])}.`,
    });
  }
  const order = permutation(length, randomStream(seed, 'held out'), 0);
  return { heldOut: order.slice(0, heldOut).sort(), train: order.slice(heldOut).sort() };
}

/** The images that are kept apart, by their positions in the data set. Arguments as of `splitHeldOut`. */
export function heldOutIndices(
  data: Pick<ImageSource, 'length' | 'indexAt'>,
  { heldOut, batch, seed }: { readonly heldOut: number; readonly batch: number; readonly seed: number },
): number[] {
  return Array.from(
    splitHeldOut(data.length, heldOut, batch, seed).heldOut,
    (position) => data.indexAt?.(position) ?? position,
  );
}

/** The positions of an epoch (from 0) in the order of training. Those beyond the last full batch sit that epoch out. */
export function epochOrder(train: Uint32Array, seed: number, epoch: number): Uint32Array {
  return permutation(train.length, randomStream(seed, 'shuffle'), epoch).map((i) => train[i]);
}
