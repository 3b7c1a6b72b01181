import { useMemo } from 'preact/hooks';
import { imageSize } from '../../image/image.ts';
import type { Transformation } from '../../transform/transformation.ts';
import { createWarp, type WarpSettings } from '../../transform/warp.ts';
import type { Shown } from '../state/studio.ts';

/** The picture as a transformation leaves it, by the very warp that models are evaluated with. */
export function useWarped(
  shown: Shown | undefined,
  settings: WarpSettings,
  { tx, ty, angle }: Transformation,
): Float32Array | undefined {
  const warp = useMemo(() => shown && createWarp(shown.shape, settings), [shown?.shape, settings]);
  return useMemo(() => {
    if (shown === undefined || warp === undefined) return undefined;
    const target = new Float32Array(imageSize(shown.shape));
    warp.apply(shown.pixels, { tx, ty, angle }, target);
    return target;
  }, [shown, warp, tx, ty, angle]);
}
