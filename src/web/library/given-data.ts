import { type ArrayData, arraySource } from '../../data/array-source.ts';
import { convertedShape, convertImage } from '../../data/conversion.ts';
import type { OpenOptions } from '../../data/open-options.ts';
import type { ImageSource } from '../../data/source.ts';
import { describeShape } from '../../image/image.ts';

/** Labelled images: in memory, or a source of one's own. */
export type GivenData = ArrayData | ImageSource;

/**
 * The images, brought to size as the options say.
 * @throws misuse as `arraySource`; `image-shape` where they are not what the model takes
 */
export function sourceOf(given: GivenData, options: OpenOptions): ImageSource {
  const source = 'read' in given ? given : arraySource(given);
  const shape = convertedShape(source.shape, options, options.shape, source.name);
  const asItIs = describeShape(shape) === describeShape(source.shape) && options.crop === undefined;
  if (asItIs && options.resize === undefined) return source;
  return {
    ...source,
    shape,
    async read(positions) {
      const images = await source.read(positions);
      return images.map(({ pixels, ...rest }) => ({
        ...rest,
        pixels: convertImage(
          { values: pixels, shape: source.shape, order: 'chw' },
          options,
          options.shape,
          `${source.name}, image ${rest.index}`,
        ),
      }));
    },
  };
}
