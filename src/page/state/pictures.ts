import type { CataloguePicture } from '../../applications/view/catalogue.ts';
import type { RawImage } from '../../data/raw-image.ts';
import { misuse } from '../../errors/error.ts';
import { decodePicture } from '../../web/pictures.ts';

/** A picture that can be put on the stage. */
export interface Picture {
  readonly name: string;
  /** Address of a small picture of it. */
  readonly thumbnail: string;
  readonly label?: number;
  readonly class?: string;
  /** Whether it was dropped on the page, not brought along by it. */
  readonly isDropped?: boolean;
  readonly attacks?: CataloguePicture['attacks'];
  /** Raw pixels of the first model's shape, or a picture that is yet to be brought to it. */
  read(): Promise<Float32Array | RawImage>;
}

/** A picture of the catalogue. */
export function servedPicture({ url, thumbnail = url, pixels, ...rest }: CataloguePicture): Picture {
  return {
    ...rest,
    thumbnail: addressOf(thumbnail),
    read: async () => {
      const file = await fetchFile(url, rest.name);
      return pixels ? new Float32Array(await file.arrayBuffer()) : decodePicture(file, rest.name);
    },
  };
}

/** A picture that was dropped. @param folder its class, where it lay in a folder */
export function droppedPicture(file: File, folder?: string): Picture {
  return {
    name: file.name,
    class: folder,
    isDropped: true,
    thumbnail: URL.createObjectURL(file),
    read: () => decodePicture(file, file.name),
  };
}

/** @throws misuse `unreachable` */
export async function fetchFile(url: string, name: string): Promise<Blob> {
  const response = await fetch(addressOf(url)).catch(() => undefined);
  if (response?.ok) return response.blob();
  throw misuse({
    code: 'unreachable',
    subject: name,
    problem: response === undefined ? 'cannot be fetched.' : `cannot be fetched (${response.status}).`,
    advice: 'Is gimbal view still running? Start it again and load the page anew.',
  });
}

function addressOf(url: string): string {
  return new URL(url, document.baseURI).href;
}
