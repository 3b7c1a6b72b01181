import type { LabelledImage } from '../image/image.ts';
import type { ProbedDescription } from './description.ts';
import { createEncoder } from './encoder.ts';
import { createInputBatch } from './input-batch.ts';
import type { Preprocessing } from './preprocessing.ts';
import { readLogits } from './scores.ts';
import type { Session } from '../runtime/runtime.ts';
import { argMax, crossEntropy } from '../statistics/cross-entropy.ts';

/** What came of feeding a model in one way. */
export interface FeedingTrial {
  readonly preprocessing: Preprocessing;
  /** The model's class that label 0 names; −1 where labels count from 1. */
  readonly labelOffset: number;
  readonly n: number;
  /** Images that are right. */
  readonly correct: number;
  /** Mean cross-entropy. */
  readonly loss: number;
}

/** Images in a batch where the model leaves it free. */
const BATCH = 10;

/**
 * Runs a model on the same images, fed in several ways, and reads its answers under several numberings of the labels.
 *
 * @param description of the model; its label offset counts for nothing
 * @param offsets label offsets to read the answers under
 */
export async function tryFeedings(
  session: Session,
  { input, output }: ProbedDescription,
  images: readonly LabelledImage[],
  ways: readonly Preprocessing[],
  offsets: readonly number[],
): Promise<FeedingTrial[]> {
  const all = { ...output, labelOffset: 0 };
  const size = input.batch === 'free' ? Math.min(BATCH, images.length) : input.batch;
  const trials: FeedingTrial[] = [];
  for (const preprocessing of ways) {
    const batch = createInputBatch(input, createEncoder(input, preprocessing), size);
    const tallies = offsets.map((labelOffset) => ({ labelOffset, correct: 0, loss: 0 }));
    for (let from = 0; from < images.length; from += size) {
      const part = images.slice(from, from + size);
      // A batch that the model fixes is filled with the last image again.
      for (let slot = 0; slot < size; slot++)
        batch.put(slot, (raw) => raw.set((part[slot] ?? part[part.length - 1]).pixels));
      const { [output.name]: tensor } = await session.run({ [input.name]: batch.tensor(size) }, [output.name]);
      const logits = readLogits(tensor, all, size, size);
      part.forEach(({ label }, row) => {
        const offset = row * output.width;
        const predicted = argMax(logits, offset, output.width);
        for (const tally of tallies) {
          const wanted = label + tally.labelOffset;
          const isClass = wanted >= 0 && wanted < output.width;
          tally.correct += Number(isClass && predicted === wanted);
          // A label that the model has no class for costs as much as a class that it rules out.
          tally.loss += Math.min(RULED_OUT, isClass ? crossEntropy(logits, offset, output.width, wanted) : RULED_OUT);
        }
      });
    }
    const n = images.length;
    for (const tally of tallies) trials.push({ preprocessing, ...tally, n, loss: tally.loss / n });
  }
  return trials;
}

/** −ln of the least probability of a float32: infinite losses would hide all others. */
const RULED_OUT = 100;

/** The likelier first: more images right, then the lower loss, then the plainer way. */
export function byLikelihood(a: FeedingTrial, b: FeedingTrial): number {
  const loss = (trial: FeedingTrial): number => (Number.isNaN(trial.loss) ? Infinity : trial.loss);
  return b.correct - a.correct || (loss(a) === loss(b) ? 0 : loss(a) - loss(b));
}
