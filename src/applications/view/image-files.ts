import type { ImageSource } from '../../data/source.ts';
import type { LabelledImage } from '../../image/image.ts';
import type { Platform } from '../platform.ts';
import type { CataloguePicture } from './catalogue.ts';
import { BYTES, type ExhibitFile } from './exhibit.ts';

/** Images for the page, with the files that it fetches: raw pixels as they are evaluated, and small pictures. */
export interface OfferedImages {
  readonly pictures: readonly CataloguePicture[];
  readonly files: ReadonlyMap<string, ExhibitFile>;
}

/** One of them: what is known before its pixels are read. */
type Known = Pick<CataloguePicture, 'label' | 'attacks'> & { readonly index: number; readonly file?: string };

/**
 * Offers images of a source. They are read when the page asks for them.
 * @param positions of the images in the source, with what is known of them
 */
export function offerImages(
  { images }: Platform,
  source: ImageSource,
  positions: readonly (readonly [position: number, known: Known])[],
): OfferedImages {
  const files = new Map<string, ExhibitFile>();
  const { shape } = source;
  const pictures = positions.map(([position, { index, file, ...known }]): CataloguePicture => {
    const read = async (): Promise<LabelledImage> => {
      const [image] = await source.read([position]);
      if (image === undefined) throw new Error(`image ${index} cannot be read`);
      return image;
    };
    const [url, thumbnail] = [`images/${index}.f32`, `images/${index}.small`];
    files.set(url, { type: BYTES, read: async () => bytesOf((await read()).pixels) });
    files.set(thumbnail, {
      type: 'image/*',
      read: async () => fromDataUrl(await images.encode((await read()).pixels, shape)),
    });
    return {
      name: file === undefined ? `image ${index}` : `${index}: ${file}`,
      url,
      thumbnail,
      pixels: true,
      ...known,
    };
  });
  return { pictures, files };
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function fromDataUrl(url: string): Uint8Array {
  const text = atob(url.slice(url.indexOf(',') + 1));
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
