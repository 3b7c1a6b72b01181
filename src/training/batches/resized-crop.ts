import type { Region } from '../../data/edit.ts';
import type { Size } from '../../data/geometry.ts';
import type { RandomStream } from '../../random/stream.ts';

/** Aspect ratios, width by height, that are drawn from: log-uniform between these. */
const NARROWEST = 3 / 4;
const WIDEST = 4 / 3;
/** Draws, the first of which that lies inside of the image counts. */
const TRIES = 10;

/**
 * A random part of an image, as drawn for (index, epoch): of area uniform between `leastArea` and 1 of the image's, and
 * of aspect ratio log-uniform between 3:4 and 4:3, anywhere. Where ten draws do not fit, the centre, as large as an
 * allowed aspect ratio lets it be. torchvision's RandomResizedCrop, with draws of our own.
 */
export function drawResizedCrop(
  leastArea: number,
  { height, width }: Size,
  stream: RandomStream,
  index: number,
  epoch: number,
): Region {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const [a, r, u, v] = stream.uniform4(index, attempt, epoch);
    const area = height * width * (leastArea + (1 - leastArea) * a);
    const ratio = NARROWEST * (WIDEST / NARROWEST) ** r;
    const w = Math.round(Math.sqrt(area * ratio));
    const h = Math.round(Math.sqrt(area / ratio));
    if (w === 0 || w > width || h === 0 || h > height) continue;
    return { top: Math.floor(u * (height - h + 1)), left: Math.floor(v * (width - w + 1)), height: h, width: w };
  }
  const ratio = Math.min(WIDEST, Math.max(NARROWEST, width / height));
  const h = Math.min(height, Math.round(width / ratio));
  const w = Math.min(width, Math.round(height * ratio));
  return { top: (height - h) >> 1, left: (width - w) >> 1, height: h, width: w };
}
