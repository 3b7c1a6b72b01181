import type { AttackFacts } from '../attacks/attack.ts';
import { type ImageShape, imageSize } from '../image/image.ts';
import type { Classifier } from '../model/classifier.ts';
import { passesPerProbe, type Vote } from './answer.ts';

/**
 * Bytes of raw images that one group of images may take. Groups are small: what is lost when a run is cut off are the
 * groups under way, and larger ones measured no faster.
 */
const GROUP_BYTES = 4 * 2 ** 20;
const LARGEST_GROUP = 32;
const SMALLEST_GROUP = 8;
/** Where an attack makes thousands of passes for an image, so that a few images fill the batches. */
const GROUP_OF_PROOFS = 4;

/**
 * The same on a device whose runs are filled up. There a group has as many images as several batches: searches ask for
 * one trial or a few at first, many end early, and what remains of the last batch of each round is thrown away.
 */
const BATCHES_A_GROUP = 8;
const DEVICE_GROUP_BYTES = 2 ** 28;
/** Trials that a proof asks for together, at least. */
const TRIALS_OF_A_PROOF = 64;
/** Groups side by side there: while one waits for the last of its round, the others keep the device at work. */
const DEVICE_GROUPS = 3;

export const isCertificate = ({ certificate }: AttackFacts): boolean => certificate !== undefined;

/**
 * Images that are worked through together. What is found for an image can depend on its company by the rounding of a
 * logit, so a part of a run that is to find the same consists of whole groups.
 *
 * @param shape what the classifier takes
 * @param filled the batch that runs are filled up to, on a device that does so
 */
export function imagesPerGroup(
  shape: ImageShape,
  attacks: readonly AttackFacts[],
  vote: Pick<Vote, 'draws'> | undefined,
  filled: number | undefined,
): number {
  const bytes = 4 * imageSize(shape);
  const isProof = attacks.some(isCertificate);
  // Every probe of a vote is a batch of passes in itself: fewer images fill the batches, and less is lost at an
  // interruption.
  const passes = passesPerProbe(vote);
  if (filled !== undefined) {
    const wanted = Math.ceil((BATCHES_A_GROUP * filled) / (isProof ? TRIALS_OF_A_PROOF : passes));
    return Math.max(GROUP_OF_PROOFS, Math.min(wanted, Math.floor(DEVICE_GROUP_BYTES / bytes)));
  }
  if (isProof) return GROUP_OF_PROOFS;
  return Math.ceil(Math.min(LARGEST_GROUP, Math.max(SMALLEST_GROUP, Math.floor(GROUP_BYTES / bytes))) / passes);
}

/** Groups that are worked on side by side. */
export function groupsAtOnce({ parallelism, filled }: Pick<Classifier, 'parallelism' | 'filled'>): number {
  const busy = Math.ceil(parallelism / 2) + 1;
  return filled === undefined ? busy : Math.min(busy, DEVICE_GROUPS);
}
