import { useLayoutEffect, useRef } from 'preact/hooks';
import type { ImageShape } from '../../image/image.ts';
import { toImageData } from '../../web/pictures.ts';

/** Raw pixels, one for one; the style sheet blows them up. */
export function ImageCanvas({
  pixels,
  shape,
  label,
}: {
  readonly pixels: Float32Array;
  readonly shape: ImageShape;
  readonly label: string;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    canvas.current?.getContext('2d')?.putImageData(toImageData(pixels, shape), 0, 0);
  }, [pixels, shape]);
  const tiny = Math.max(shape.height, shape.width) <= 64;
  return (
    <canvas
      ref={canvas}
      class={tiny ? 'tiny' : ''}
      width={shape.width}
      height={shape.height}
      role="img"
      aria-label={label}
    />
  );
}
