import type { Subset } from '../sets/box.ts';

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
