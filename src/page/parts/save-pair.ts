import { imageSize } from '../../image/image.ts';
import { createWarp } from '../../transform/warp.ts';
import { toImageData } from '../../web/pictures.ts';
import type { Studio } from '../state/studio.ts';
import { formatNumber } from '../../notation/numbers.ts';

/** Side of a picture in what is saved, at least, in pixels. */
const SIDE = 320;
const GAP = 24;
const LINE = 24;

/** Saves the picture before and after the transformation side by side, with what the models say below. */
export async function savePair(studio: Studio): Promise<void> {
  const { shown, transformation, warp, slots } = studio.state;
  if (shown === undefined) return;
  const { shape, pixels } = shown;
  const after = new Float32Array(imageSize(shape));
  createWarp(shape, warp).apply(pixels, transformation, after);
  const factor = Math.max(1, Math.ceil(SIDE / Math.max(shape.height, shape.width)));
  const [width, height] = [shape.width * factor, shape.height * factor];
  const { tx, ty, angle } = transformation;
  const lines = [
    `${studio.className(shown.label)}, turned by ${formatNumber(angle)}°, shifted by ${formatNumber(tx)} and ` +
      `${formatNumber(ty)} px`,
    ...slots.flatMap(({ state: { name, verdict } }) =>
      verdict === undefined
        ? []
        : `${name}: ${studio.className(verdict.predicted)} (${verdict.predicted === shown.label ? 'right' : 'wrong'})`,
    ),
  ];
  const canvas = new OffscreenCanvas(2 * width + 3 * GAP, height + 2 * GAP + lines.length * LINE);
  const context = canvas.getContext('2d')!;
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingEnabled = false;
  for (const [place, image] of [pixels, after].entries()) {
    const bitmap = await createImageBitmap(toImageData(image, shape));
    context.drawImage(bitmap, GAP + place * (width + GAP), GAP, width, height);
  }
  context.fillStyle = '#1b2026';
  context.font = '16px system-ui, sans-serif';
  lines.forEach((line, i) => context.fillText(line, GAP, height + 2 * GAP + i * LINE + 4, canvas.width - 2 * GAP));
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await canvas.convertToBlob({ type: 'image/png' }));
  link.download = `gimbal-${shown.picture.name.replace(/\W+/g, '-')}.png`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
