import type { ImageSource } from '../../data/source.ts';
import { argMax } from '../../statistics/cross-entropy.ts';
import { mirrorAndShift } from '../../data/edit.ts';
import { pack } from '../objectives/pack.ts';
import type { FrozenModel } from '../step/frozen-model.ts';

/** Images that are looked at, evenly spaced over the data, and how many of them go through the model at once. */
const LOOKED_AT = 256;
const TOGETHER = 32;
/** Share of the images that mirroring may cost where it does no harm: that much is chance. */
const BY_CHANCE = 0.02;

/**
 * Whether a model answers mirrored images as well as the images themselves: then mirroring them in training does no
 * harm. It does where left and right have a meaning: digits, letters, traffic signs.
 */
export async function mirroringIsHarmless(
  source: ImageSource,
  { logits }: Pick<FrozenModel, 'logits'>,
  classes: number,
  signal?: AbortSignal,
): Promise<boolean> {
  const count = Math.min(LOOKED_AT, source.length);
  const positions = Array.from({ length: count }, (_, i) => Math.floor((i * source.length) / count));
  let plain = 0;
  let mirrored = 0;
  for (let start = 0; start < count; start += TOGETHER) {
    signal?.throwIfAborted();
    const images = await source.read(positions.slice(start, start + TOGETHER));
    if (images.length === 0) continue;
    const right = async (pixels: readonly Float32Array[]): Promise<number> => {
      const scores = await logits(pack(pixels), images.length);
      return images.filter(({ label }, i) => argMax(scores, i * classes, classes) === label).length;
    };
    plain += await right(images.map(({ pixels }) => pixels));
    mirrored += await right(images.map(({ pixels }) => mirrorAndShift(pixels, source.shape, true, 0, 0)));
  }
  return mirrored >= plain - Math.max(1, BY_CHANCE * count);
}
