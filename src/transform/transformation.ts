/**
 * Rotate about the image centre, then translate, then sample once, with bilinear interpolation where nothing else is
 * asked for.
 * `tx` > 0 moves the content right, `ty` > 0 moves it down (pixels); `angle` > 0 turns the picture
 * counter-clockwise on screen (degrees).
 */
export interface Transformation {
  readonly tx: number;
  readonly ty: number;
  readonly angle: number;
}

/** No shift and no turn. */
export const IDENTITY: Transformation = { tx: 0, ty: 0, angle: 0 };

export function isSame(a: Transformation, b: Transformation): boolean {
  return a.tx === b.tx && a.ty === b.ty && a.angle === b.angle;
}

/** The form in which files hold a transformation: `[tx, ty, angle]`. */
export type TransformationTuple = readonly [tx: number, ty: number, angle: number];

export function toTuple(t: Transformation): TransformationTuple {
  return [t.tx, t.ty, t.angle];
}

export function fromTuple([tx, ty, angle]: TransformationTuple): Transformation {
  return { tx, ty, angle };
}

/** How an image is read between its pixels: `nearest` takes that of (⌊x + ½⌋, ⌊y + ½⌋). */
export const INTERPOLATIONS = ['bilinear', 'nearest'] as const;
/** One of `INTERPOLATIONS`: how an image is read between its pixels. */
export type Interpolation = (typeof INTERPOLATIONS)[number];

/** What is shown of a transformed image: `circle` blackens what lies outside of the circle inscribed in it. */
export const MASKS = ['none', 'circle'] as const;
/** One of `MASKS`: what is shown of a transformed image. */
export type Mask = (typeof MASKS)[number];

/** What a tap outside of the image reads. */
export const PADDINGS = ['zeros', 'reflect', 'edge'] as const;
/** One of `PADDINGS`: what a tap outside of the image reads. */
export type Padding = (typeof PADDINGS)[number];

/** Whose definition of the transformation is used: Gimbal's own, or that of a published reference code. */
export const CONVENTIONS = ['gimbal', 'madry-tf', 'madry-torch'] as const;
/** One of `CONVENTIONS`: whose definition of the transformation is used. */
export type Convention = (typeof CONVENTIONS)[number];
