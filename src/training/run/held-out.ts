import type { ImageSource } from '../../data/source.ts';
import type { RandomStream } from '../../random/stream.ts';
import type { Box } from '../../sets/box.ts';
import { drawTransformation } from '../../sets/draws.ts';
import { argMax } from '../../statistics/cross-entropy.ts';
import { leastOf } from '../../statistics/extremes.ts';
import { softmax } from '../../statistics/softmax.ts';
import type { Warp } from '../../transform/warp.ts';
import { pack } from '../objectives/pack.ts';
import type { FrozenModel } from '../step/frozen-model.ts';

const DRAWS = 10;
/** Images at once, and numbers in them and their draws together: 64 MiB. */
const CHUNK = 93;
const MOST_NUMBERS = 2 ** 24;

/** Images that nothing is trained on, and how they are transformed. */
export interface HeldOut {
  readonly data: ImageSource;
  /** That the network tells: the data may have images of some of them only. */
  readonly classes: number;
  readonly positions: Uint32Array;
  readonly box: Box;
  readonly warp: Warp;
  readonly stream: RandomStream;
}

/**
 * Natural and worst-of-10 accuracy in [0, 1] on some images of the data, with the same draws at every call.
 *
 * With a teacher there are no labels that hold: an answer then counts by the probability that the teacher gives it for
 * the image as it is. Where those probabilities are calibrated, the mean is the accuracy to expect; where the teacher
 * itself is in doubt between two classes, it costs little to answer with the other one.
 */
export async function measureHeldOut(
  model: Pick<FrozenModel, 'logits'>,
  { data, classes, positions, box, warp, stream }: HeldOut,
  teacher?: Pick<FrozenModel, 'logits'>,
): Promise<{ natural: number; worstOf10: number }> {
  let natural = 0;
  let robust = 0;
  const { channels, height, width } = data.shape;
  const together = Math.min(CHUNK, Math.ceil(MOST_NUMBERS / ((DRAWS + 1) * channels * height * width)));
  for (let start = 0; start < positions.length; start += together) {
    const images = await data.read([...positions.subarray(start, start + together)]);
    const size = images[0].pixels.length;
    const each = DRAWS + 1;
    const packed = new Float32Array(images.length * each * size);
    images.forEach(({ pixels, index }, i) => {
      packed.set(pixels, i * each * size);
      for (let draw = 0; draw < DRAWS; draw++) {
        warp.apply(pixels, drawTransformation(box, stream, index, draw), packed, (i * each + 1 + draw) * size);
      }
    });
    const logits = await model.logits(packed, images.length * each);
    const answers = await teacher?.logits(pack(images.map(({ pixels }) => pixels)), images.length);
    const probabilities = answers && softmax(answers, classes, new Float32Array(answers.length));
    images.forEach(({ label }, i) => {
      const worth = Array.from({ length: each }, (_, row) => {
        const answer = argMax(logits, (i * each + row) * classes, classes);
        return probabilities === undefined ? Number(answer === label) : probabilities[i * classes + answer];
      });
      natural += worth[0];
      robust += leastOf(worth.slice(1));
    });
  }
  return { natural: natural / positions.length, worstOf10: robust / positions.length };
}
