import { imageSize } from '../image/image.ts';
import type { ImageShape, LabelledImage } from '../image/image.ts';
import { rawImage } from './array-layout.ts';
import type { ArrayLayout } from './array-layout.ts';
import type { ByteReader } from './bytes.ts';
import { convertedShape, convertImage } from './conversion.ts';
import type { ConversionOptions } from './conversion.ts';
import { ELEMENT_BYTES } from './elements.ts';
import { numberLabelling } from './labelling.ts';
import { checkPositions } from './positions.ts';
import type { ImageSource, SkippedImage } from './source.ts';
import { unreadableImage } from './unreadable.ts';

export interface RecordData {
  readonly name: string;
  readonly bytes: ByteReader;
  readonly layout: ArrayLayout;
  readonly labels: ArrayLike<number>;
  readonly classes: number;
  readonly classNames?: readonly string[];
  /** Classes that the format has, whether they occur or not. Default: as many as there are names. */
  readonly promised?: number;
  readonly fingerprint: string;
  /** Images with values that are no numbers. */
  readonly faults?: readonly SkippedImage[];
  readonly close: () => Promise<void>;
}

/** At most so many bytes are read at once. */
const READ_BYTES = 8 << 20;

/**
 * A source of images that lie in bytes one after the other, all of one size: IDX, CIFAR and NumPy files. Each read
 * fetches only the images asked for, neighbours together.
 * @param model shape that the model takes, if known
 * @throws misuse `image-shape`, `crop-too-large`; `unreadable-image` when it is read
 */
export function recordSource(
  data: RecordData,
  options: ConversionOptions & { readonly skipUnreadable?: boolean },
  model?: ImageShape,
): ImageSource {
  const { name, bytes, layout, labels } = data;
  const shape = convertedShape(layout.shape, options, model, name);
  const imageBytes = imageSize(layout.shape) * ELEMENT_BYTES[layout.type];
  const most = Math.max(1, Math.floor(READ_BYTES / layout.stride));
  const faults = new Map(data.faults?.map((fault) => [fault.position, fault]));
  const skipped = new Map<number, SkippedImage>();
  return {
    name,
    length: labels.length,
    shape,
    classes: data.classes,
    classNames: data.classNames,
    labelling: numberLabelling(labels, data.promised ?? data.classNames?.length),
    fingerprint: data.fingerprint,
    faults: data.faults,
    get skipped() {
      return [...skipped.values()];
    },
    async read(positions) {
      checkPositions(positions, labels.length, name);
      const images: LabelledImage[] = [];
      for (const { first, count } of neighbours(positions, most)) {
        const run = await bytes.read(layout.start + first * layout.stride, (count - 1) * layout.stride + imageBytes);
        for (let at = 0; at < count; at++) {
          const index = first + at;
          const fault = faults.get(index);
          if (fault !== undefined) {
            if (!options.skipUnreadable) throw unreadableImage(fault);
            skipped.set(index, fault);
            continue;
          }
          const raw = rawImage(run.subarray(at * layout.stride, at * layout.stride + imageBytes), layout);
          images.push({
            index,
            label: labels[index],
            pixels: convertImage(raw, options, shape, `${bytes.name}, image ${index}`),
          });
        }
      }
      return images;
    },
    close: data.close,
  };
}

function* neighbours(positions: readonly number[], most: number): Generator<{ first: number; count: number }> {
  for (let at = 0; at < positions.length;) {
    let count = 1;
    while (count < most && positions[at + count] === positions[at] + count) count++;
    yield { first: positions[at], count };
    at += count;
  }
}
