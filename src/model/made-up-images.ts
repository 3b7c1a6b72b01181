import type { ImageShape } from '../image/image.ts';

/** Spread evenly over [0, 1] (multiples of the golden ratio, modulo 1), another start for each image. */
export function evenlySpread(index: number, target: Float32Array): void {
  for (let i = 0; i < target.length; i++) target[i] = ((i + 1) * 0.6180339887498949 + index * 0.7548776662466927) % 1;
}

/**
 * Images made up to differ as photographs do, in brightness, contrast, colour and structure: what a model makes of one
 * of them in the company of others tells whether it looks at these. Values in [0, 1].
 */
export const KINDS = ['dark', 'natural', 'bright', 'black', 'white', 'noise', 'stripes', 'figure'] as const;
export type Kind = (typeof KINDS)[number];

/** @param target CHW, overwritten */
export function madeUpImage(kind: Kind, { channels, height, width }: ImageShape, target: Float32Array): void {
  if (kind === 'noise') return evenlySpread(1, target);
  for (let c = 0, i = 0; c < channels; c++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++, i++) target[i] = value(kind, (x + 0.5) / width, (y + 0.5) / height, c, i);
    }
  }
}

/** @param x, y place in the image, in (0, 1) */
function value(kind: Kind, x: number, y: number, channel: number, i: number): number {
  const grain = ((i + 1) * 0.6180339887498949) % 1;
  switch (kind) {
    case 'dark':
      return 0.02 + 0.1 * x * y + 0.02 * grain;
    case 'natural':
      return (
        0.45 + 0.2 * Math.sin(5 * x + 3 * y + channel) + 0.15 * Math.cos(17 * y - 6 * x + 2 * channel) + 0.1 * grain
      );
    case 'bright':
      return 0.84 + 0.1 * Math.sin(4 * y + channel) * x + 0.05 * grain;
    case 'black':
      return 0;
    case 'white':
      return 1;
    case 'stripes':
      return Math.sin(40 * (x + 0.3 * y) + channel) > 0 ? 0.95 : 0.1;
    case 'figure':
      // A bright ring on black, as a written digit.
      return Math.abs(Math.hypot(x - 0.5, 1.4 * (y - 0.5)) - 0.28) < 0.08 ? 0.9 + 0.1 * grain : 0;
    default:
      return grain;
  }
}
