import type { ImageShape } from '../image/image.ts';
import type { Convention, Transformation } from './transformation.ts';

/** Coefficients of p_in = [a b; c d] · p_out + [e; f], in pixels, x right, y down, pixel centres at integers. */
export type Affine = readonly [a: number, b: number, e: number, c: number, d: number, f: number];

/** One resampling: from an image of size `from` to one of size `to`, along an affine map. */
export interface Pass {
  readonly from: { readonly height: number; readonly width: number };
  readonly to: { readonly height: number; readonly width: number };
  map(t: Transformation): Affine;
  /** Derivatives of the coefficients by tx and ty (a pixel) and by the angle (a degree). */
  derivative(t: Transformation): readonly [Affine, Affine, Affine];
}

const DEGREE = Math.PI / 180;

/** Zero padding around the image in the TensorFlow code of the paper, in pixels on each side. */
const MADRY_TF_PADDING = 16;

/** Cosine and sine of an angle in degrees, exact at multiples of 90°. */
function cosSin(angle: number): [number, number] {
  const turned = ((angle % 360) + 360) % 360;
  if (turned === 0) return [1, 0];
  if (turned === 90) return [0, 1];
  if (turned === 180) return [-1, 0];
  if (turned === 270) return [0, -1];
  return [Math.cos(angle * DEGREE), Math.sin(angle * DEGREE)];
}

/**
 * p_in = R(angle) · (p_out − t − o) + c with R(θ) = [cosθ −sinθ; sinθ cosθ]: rotation about the centre `c` of the
 * input, brought to the point `o` of the output, then a shift by t.
 */
function rotateThenTranslate(from: Pass['from'], to: Pass['to'], shift: boolean): Pass {
  const cx = (from.width - 1) / 2;
  const cy = (from.height - 1) / 2;
  const ox = (to.width - 1) / 2;
  const oy = (to.height - 1) / 2;
  const offset = (t: Transformation): [number, number] => (shift ? [t.tx + ox, t.ty + oy] : [ox, oy]);
  return {
    from,
    to,
    map: (t) => {
      const [cos, sin] = cosSin(t.angle);
      const [x, y] = offset(t);
      return [cos, -sin, cx - cos * x + sin * y, sin, cos, cy - sin * x - cos * y];
    },
    derivative: (t) => {
      const [cos, sin] = cosSin(t.angle);
      const [x, y] = offset(t);
      const s = shift ? 1 : 0;
      return [
        [0, 0, -cos * s, 0, 0, -sin * s],
        [0, 0, sin * s, 0, 0, -cos * s],
        [
          -sin * DEGREE,
          -cos * DEGREE,
          (sin * x + cos * y) * DEGREE,
          cos * DEGREE,
          -sin * DEGREE,
          (-cos * x + sin * y) * DEGREE,
        ],
      ];
    },
  };
}

/** p_in = p_out − t + (centre of the input − centre of the output). */
function translateAndCrop(from: Pass['from'], to: Pass['to']): Pass {
  const ex = (from.width - to.width) / 2;
  const ey = (from.height - to.height) / 2;
  return {
    from,
    to,
    map: (t) => [1, 0, ex - t.tx, 0, 1, ey - t.ty],
    derivative: () => [
      [0, 0, -1, 0, 0, 0],
      [0, 0, 0, 0, 0, -1],
      [0, 0, 0, 0, 0, 0],
    ],
  };
}

/**
 * p_in = R(angle) · p_out + t in normalised coordinates [−1, 1] whose ends are the centres of the border pixels
 * (align_corners = true). That code gives a shift as a part of the side, t = 2 · tx / side, while a pixel is 2 / (side
 * − 1) of these coordinates: what is called tx pixels moves the content by tx · (side − 1) / side.
 */
function normalisedRotateAndShift(size: Pass['from']): Pass {
  const cx = (size.width - 1) / 2;
  const cy = (size.height - 1) / 2;
  const sx = (size.width - 1) / size.width;
  const sy = (size.height - 1) / size.height;
  // x' = u·cx + cx with u = cosθ·(x − cx)/cx − sinθ·(y − cy)/cy + 2·tx/width.
  const ratio = cx / cy;
  return {
    from: size,
    to: size,
    map: (t) => {
      const [cos, sin] = cosSin(t.angle);
      return [
        cos,
        -sin * ratio,
        cx - cos * cx + sin * ratio * cy + sx * t.tx,
        sin / ratio,
        cos,
        cy - (sin / ratio) * cx - cos * cy + sy * t.ty,
      ];
    },
    derivative: (t) => {
      const [cos, sin] = cosSin(t.angle);
      return [
        [0, 0, sx, 0, 0, 0],
        [0, 0, 0, 0, 0, sy],
        [
          -sin * DEGREE,
          -cos * ratio * DEGREE,
          (sin * cx + cos * ratio * cy) * DEGREE,
          (cos / ratio) * DEGREE,
          -sin * DEGREE,
          (-(cos / ratio) * cx + sin * cy) * DEGREE,
        ],
      ];
    },
  };
}

/** The resamplings of a convention, in order (definitions: docs/transformations.md). */
export function conventionPasses(convention: Convention, shape: ImageShape): readonly Pass[] {
  const size = { height: shape.height, width: shape.width };
  switch (convention) {
    case 'gimbal':
      return [rotateThenTranslate(size, size, true)];
    case 'madry-tf': {
      const canvas = { height: size.height + 2 * MADRY_TF_PADDING, width: size.width + 2 * MADRY_TF_PADDING };
      return [rotateThenTranslate(size, canvas, false), translateAndCrop(canvas, size)];
    }
    case 'madry-torch':
      return [normalisedRotateAndShift(size)];
  }
}
