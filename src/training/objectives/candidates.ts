import { argMax, crossEntropy } from '../../statistics/cross-entropy.ts';
import { kullbackLeibler } from '../../statistics/kullback-leibler.ts';
import type { Transformation } from '../../transform/transformation.ts';
import type { Warp } from '../../transform/warp.ts';
import type { Batch, ObjectiveContext, ObjectiveSettings } from './objective.ts';

/** One transformation of each image: [images, CHW]. */
export function transformAll(
  batch: Pick<Batch, 'images'>,
  transformations: readonly Transformation[],
  warp: Warp,
): Float32Array {
  const size = batch.images[0].length;
  const packed = new Float32Array(batch.images.length * size);
  batch.images.forEach((image, i) => warp.apply(image, transformations[i], packed, i * size));
  return packed;
}

/** k at a share of the run: from `startCandidates` it rises to `candidates` over the first half. */
export function candidatesOver({
  candidates,
  startCandidates = candidates,
}: Pick<ObjectiveSettings, 'candidates' | 'startCandidates'>): (progress: number) => number {
  return (progress) => Math.round(startCandidates + (candidates - startCandidates) * Math.min(1, 2 * progress));
}

/** How bad a candidate is, from its row of logits; the larger the worse. */
export type Badness = (logits: Float32Array, offset: number, image: number) => number;

/**
 * What being wrong counts for beside the cross-entropy, by the numbers that are computed in: more than any loss of a
 * training that goes well, and little enough for two losses to be told apart beside it.
 */
export const WRONG = { float64: 1e6, float32: 1000 } as const;

/**
 * The rule of WorstTracker (attacks/worst-tracker.ts) as one number: a misclassified candidate beats every correct one,
 * among equals the higher cross-entropy wins. As a graph (device/worst-candidates.ts) the choice of 128 images takes
 * 0.3 ms on a CPU, so 0.5 ms (`npm run bench -- forms`, busy machine): of no account beside the passes before it, and
 * here it is computed in float64.
 */
export function byCrossEntropy(labels: readonly number[], classes: number): Badness {
  return (logits, offset, image) => {
    const loss = crossEntropy(logits, offset, classes, labels[image]);
    return argMax(logits, offset, classes) === labels[image] ? loss - WRONG.float64 : loss;
  };
}

/** By KL(answer to the image as it is ‖ answer to the candidate). @param answers [images, classes] */
export function byDivergence(answers: Float32Array, classes: number): Badness {
  return (logits, offset, image) => kullbackLeibler(answers, image * classes, logits, offset, classes);
}

/**
 * The worst of `count` random transformations of each image, ties to the earlier one; every candidate goes through
 * the frozen model, all in one request.
 */
export async function worstOf(
  count: number,
  batch: Batch,
  context: ObjectiveContext,
  badness: Badness,
): Promise<Transformation[]> {
  const { images, indices } = batch;
  const candidates = indices.map((index) => Array.from({ length: count }, (_, draw) => context.draw(index, draw)));
  if (count === 1) return candidates.map(([only]) => only);
  const size = images[0].length;
  const packed = new Float32Array(images.length * count * size);
  images.forEach((image, i) =>
    candidates[i].forEach((t, draw) => context.warp.apply(image, t, packed, (i * count + draw) * size)),
  );
  const logits = await (await context.frozen()).logits(packed, images.length * count);
  return candidates.map((list, i) => {
    const scores = list.map((_, draw) => badness(logits, (i * count + draw) * context.classes, i));
    return list[argMax(scores, 0, count)];
  });
}
