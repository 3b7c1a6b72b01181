import type { ImageEdit } from '../../data/edit.ts';
import type { Size } from '../../data/geometry.ts';
import type { RandomStream } from '../../random/stream.ts';
import { drawColourJitter, drawLight } from './colour-jitter.ts';
import { drawFlipCrop, type FlipCrop } from './flip-crop.ts';
import { drawResizedCrop } from './resized-crop.ts';

/** What of a training's settings edits its images. */
export interface EditSettings extends FlipCrop {
  readonly resizedCrop?: number;
  readonly jitter?: number;
  readonly lighting?: number;
}

/** What becomes of an image in an epoch: a pure function of its arguments. @param size of the image in its file */
export function drawEdit(
  settings: EditSettings,
  streams: Readonly<Record<'flipCrop' | 'part' | 'colour', RandomStream>>,
  index: number,
  epoch: number,
  size: Size,
): ImageEdit {
  const { resizedCrop, jitter = 0, lighting = 0 } = settings;
  return {
    part: resizedCrop === undefined ? undefined : drawResizedCrop(resizedCrop, size, streams.part, index, epoch),
    ...drawFlipCrop(settings, streams.flipCrop, index, epoch),
    colours: drawColourJitter(jitter, streams.colour, index, epoch),
    light: drawLight(lighting, streams.colour, index, epoch),
  };
}
