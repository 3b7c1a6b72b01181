import type { ImageShape } from '../image/image.ts';

/**
 * Pixels of a plane whose centre is farther from the image's centre than half of the shorter side: those outside of the
 * inscribed circle, ascending. Decided in whole numbers, in half pixels.
 */
export function pixelsOutside({ height, width }: Pick<ImageShape, 'height' | 'width'>): number[] {
  const radius = Math.min(height, width);
  return Array.from({ length: height * width }, (_, i) => i).filter((i) => {
    const x = 2 * (i % width) - (width - 1);
    const y = 2 * Math.floor(i / width) - (height - 1);
    return x * x + y * y > radius * radius;
  });
}
