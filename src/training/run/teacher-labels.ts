import { sha256OfText } from '../../digest/sha256.ts';
import type { ImageSource } from '../../data/source.ts';
import { argMax } from '../../statistics/cross-entropy.ts';
import type { FrozenModel } from '../step/frozen-model.ts';

/** Images that go through the teacher in one request. */
const TOGETHER = 64;

/**
 * The same images labelled with what a classifier answers to them: for images without labels, "right" then means that
 * an answer agrees with the classifier's own for the image as it is.
 * @param about classes of the classifier, and the hash of its file, which the fingerprint then tells
 */
export async function labelledByTeacher(
  source: ImageSource,
  teacher: Pick<FrozenModel, 'logits'>,
  { classes, sha256: teacherHash }: { readonly classes: number; readonly sha256: string },
  signal?: AbortSignal,
): Promise<ImageSource> {
  /** By the images' index in the data set: what cannot be read is left out. */
  const labels = new Map<number, number>();
  for (let start = 0; start < source.length; start += TOGETHER) {
    signal?.throwIfAborted();
    const positions = Array.from({ length: Math.min(TOGETHER, source.length - start) }, (_, i) => start + i);
    const images = await source.read(positions);
    if (images.length === 0) continue;
    const size = images[0].pixels.length;
    const packed = new Float32Array(images.length * size);
    images.forEach(({ pixels }, i) => packed.set(pixels, i * size));
    const logits = await teacher.logits(packed, images.length);
    images.forEach(({ index }, i) => labels.set(index, argMax(logits, i * classes, classes)));
  }
  return {
    name: source.name,
    fingerprint: sha256OfText(`${source.fingerprint} as answered by ${teacherHash}`),
    length: source.length,
    shape: source.shape,
    classes,
    get skipped() {
      return source.skipped;
    },
    read: async (positions) =>
      (await source.read(positions)).map((image) => ({ ...image, label: labels.get(image.index) ?? 0 })),
    close: () => source.close(),
  };
}
