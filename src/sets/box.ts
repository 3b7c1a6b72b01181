import { misuse } from '../errors/error.ts';
import type { ImageShape } from '../image/image.ts';
import type { Transformation } from '../transform/transformation.ts';

/** All transformations with |tx| ≤ tx, |ty| ≤ ty (pixels) and |angle| ≤ angle (degrees). */
export interface Box {
  readonly tx: number;
  readonly ty: number;
  readonly angle: number;
}

/** The parameters of a transformation. */
export const PARAMETERS = ['tx', 'ty', 'angle'] as const;

/** Which parameters may move. */
export const SUBSETS = ['full', 'rotation', 'translation'] as const;
/** One of `SUBSETS`: the parameters that may move. */
export type Subset = (typeof SUBSETS)[number];

/** A limit for translations as users give it: pixels, or percent of the side (x of the width, y of the height). */
export type TranslationLimit = { readonly unit: 'px' | '%'; readonly value: number };

/** The part of a box in which only the subset's parameters move. */
export function restrictBox(box: Box, subset: Subset): Box {
  return {
    tx: subset === 'rotation' ? 0 : box.tx,
    ty: subset === 'rotation' ? 0 : box.ty,
    angle: subset === 'translation' ? 0 : box.angle,
  };
}

/**
 * The paper's translation limit: 3 px for 28- and 32-px images, 24 px for 224-px images; about a tenth of the side
 * elsewhere.
 */
export function paperTranslation(shape: ImageShape): number {
  const side = Math.min(shape.height, shape.width);
  if (side === 28 || side === 32) return 3;
  return Math.round((side * 24) / 224);
}

/**
 * The box of an evaluation.
 *
 * @param rotation largest angle in degrees, in [0, 180]
 * @param translation undefined: the paper's for this size
 * @throws misuse for limits out of range, by name
 */
export function createBox(shape: ImageShape, rotation: number, translation?: TranslationLimit): Box {
  if (!(rotation >= 0 && rotation <= 180)) {
    throw misuse({
      code: 'rotation-out-of-range',
      subject: 'rotation',
      problem: `got ${rotation}°, allowed are 0° to 180°.`,
    });
  }
  const [tx, ty] =
    translation === undefined
      ? [paperTranslation(shape), paperTranslation(shape)]
      : [pixels(translation, shape.width), pixels(translation, shape.height)];
  if (!(tx >= 0 && tx <= shape.width && ty >= 0 && ty <= shape.height)) {
    const given = translation === undefined ? '' : `${translation.value}${translation.unit}`;
    throw misuse({
      code: 'translation-out-of-range',
      subject: 'translation',
      problem: `got ${given}, allowed are 0 to 100 % of the side (${shape.width} px wide, ${shape.height} px high).`,
    });
  }
  return { tx, ty, angle: rotation };
}

function pixels(limit: TranslationLimit, side: number): number {
  return limit.unit === 'px' ? limit.value : (limit.value / 100) * side;
}

/** The transformation of the box that is nearest to one. */
export function clampTo(box: Box, t: Transformation): Transformation {
  // No negative zeros: they would be other text in files.
  const within = (key: keyof Box): number => Math.min(box[key], Math.max(-box[key], t[key])) + 0;
  return { tx: within('tx'), ty: within('ty'), angle: within('angle') };
}

/** Whether a transformation lies in the box, up to rounding of the last digits. */
export function boxHolds(box: Box, t: Transformation): boolean {
  const slack = 1e-9;
  return Math.abs(t.tx) <= box.tx + slack && Math.abs(t.ty) <= box.ty + slack && Math.abs(t.angle) <= box.angle + slack;
}
