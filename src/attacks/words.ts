import type { Subset } from '../sets/box.ts';
import type { WarpSettings } from '../transform/warp.ts';

/** One transformation of a subset in words. */
export const ONE: Readonly<Record<Subset, string>> = {
  full: 'rotation and shift',
  rotation: 'rotation',
  translation: 'shift',
};

/** Several of them. */
export const MANY: Readonly<Record<Subset, string>> = {
  full: 'rotations and shifts',
  rotation: 'rotations',
  translation: 'shifts',
};

/** What a claim holds for where images are masked; it begins with a space. */
export function underMask({ mask = 'none' }: WarpSettings): string {
  return mask === 'none' ? '' : ' Of every image all outside of the inscribed circle is black.';
}
