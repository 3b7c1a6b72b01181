import { misuse } from '../errors/error.ts';
import { optionWords } from '../errors/option-words.ts';
import { imageSize, type ImageShape } from '../image/image.ts';
import { conventionPasses, type Pass } from './affine.ts';
import { pixelsOutside } from './mask.ts';
import { nearestAdjoint, resampleNearest } from './nearest.ts';
import { resample, resampleAdjoint, resampleDerivative } from './resample.ts';
import type { Convention, Interpolation, Mask, Padding, Transformation } from './transformation.ts';

/** By which definition images are transformed, and what they show beyond their borders. */
export interface WarpSettings {
  readonly padding: Padding;
  readonly convention: Convention;
  /** Default: bilinear. */
  readonly interpolation?: Interpolation;
  /** Default: none. It shows in every image that leaves the warp, also in one that is not moved. */
  readonly mask?: Mask;
}

/** Gimbal's own definition, zeros outside of the image, bilinear. */
export const DEFAULT_WARP: WarpSettings = { padding: 'zeros', convention: 'gimbal' };

/** Transforms images of one shape. All arrays are CHW. Not to be shared between threads: it keeps scratch space. */
export interface Warp {
  readonly shape: ImageShape;
  /**
   * Writes the transformed image.
   * @param source raw pixels, `imageSize(shape)` values
   * @param target takes `imageSize(shape)` values from `offset` on; must not overlap the source
   */
  apply(source: Float32Array, t: Transformation, target: Float32Array, offset?: number): void;
  /**
   * Derivative of Σ gradient · apply(source, t) by (tx, ty, angle), a pixel, a pixel and a degree.
   * At taps that lie exactly on a pixel it is the derivative to the right.
   * @throws misuse `nearest-without-gradient`: by nearest sampling an image moves in jumps
   */
  derivative(source: Float32Array, t: Transformation, gradient: Float32Array): [number, number, number];
  /** Gradient by the source of Σ gradient · apply(source, t): the transposed linear map. Overwrites `target`. */
  adjoint(gradient: Float32Array, t: Transformation, target: Float32Array): void;
}

/**
 * The transformation of images of a shape, its derivative and its adjoint.
 * @throws misuse if the convention is another code's and the padding not its own (zeros)
 */
export function createWarp(shape: ImageShape, settings: WarpSettings = DEFAULT_WARP): Warp {
  const { padding, convention, interpolation = 'bilinear', mask = 'none' } = settings;
  if (convention !== 'gimbal' && padding !== 'zeros') {
    throw misuse({
      code: 'padding-of-convention',
      subject: `padding ${padding}`,
      problem: `the convention ${convention} pads with zeros only.`,
      advice: `Leave ${optionWords('padding')} out, or use ${optionWords('convention', 'gimbal')}.`,
    });
  }
  const passes = conventionPasses(convention, shape);
  const { channels } = shape;
  const between = passes.slice(0, -1).map((pass) => new Float32Array(channels * area(pass.to)));
  const betweenGradients = between.map((image) => new Float32Array(image.length));
  const sample = interpolation === 'nearest' ? resampleNearest : resample;
  const sampleAdjoint = interpolation === 'nearest' ? nearestAdjoint : resampleAdjoint;
  const outside = mask === 'circle' ? pixelsOutside(shape) : [];
  const blacken = (image: Float32Array, offset: number): void => {
    if (outside.length === 0) return;
    const end = offset + imageSize(shape);
    for (let plane = offset; plane < end; plane += shape.height * shape.width)
      for (const pixel of outside) image[plane + pixel] = 0;
  };
  /** What is not shown has no part in the gradient. */
  const shown = (gradient: Float32Array): Float32Array => {
    if (outside.length === 0) return gradient;
    const copy = gradient.slice();
    blacken(copy, 0);
    return copy;
  };

  return {
    shape,
    apply: (source, t, target, offset = 0) => {
      if (t.tx === 0 && t.ty === 0 && t.angle === 0) {
        target.set(source.length === imageSize(shape) ? source : source.subarray(0, imageSize(shape)), offset);
        blacken(target, offset);
        return;
      }
      passes.forEach((pass, i) => {
        const last = i === passes.length - 1;
        sample(
          pass,
          pass.map(t),
          padding,
          channels,
          i === 0 ? source : between[i - 1],
          last ? target : between[i],
          last ? offset : 0,
        );
      });
      blacken(target, offset);
    },
    derivative: (source, t, gradient) => {
      if (interpolation === 'nearest') throw withoutGradient();
      const sums: [number, number, number] = [0, 0, 0];
      passes
        .slice(0, -1)
        .forEach((pass, i) =>
          resample(pass, pass.map(t), padding, channels, i === 0 ? source : between[i - 1], between[i], 0),
        );
      let g = shown(gradient);
      for (let i = passes.length - 1; i >= 0; i--) {
        const pass = passes[i];
        const parts = resampleDerivative(
          pass,
          pass.map(t),
          pass.derivative(t),
          padding,
          channels,
          i === 0 ? source : between[i - 1],
          g,
        );
        for (let p = 0; p < 3; p++) sums[p] += parts[p];
        if (i > 0) {
          betweenGradients[i - 1].fill(0);
          resampleAdjoint(pass, pass.map(t), padding, channels, g, betweenGradients[i - 1]);
          g = betweenGradients[i - 1];
        }
      }
      return sums;
    },
    adjoint: (gradient, t, target) => {
      let g = shown(gradient);
      for (let i = passes.length - 1; i >= 0; i--) {
        const to = i === 0 ? target : betweenGradients[i - 1];
        to.fill(0);
        sampleAdjoint(passes[i], passes[i].map(t), padding, channels, g, to);
        g = to;
      }
    },
  };
}

/** Of whatever climbs along the gradient by the transformation. */
export function withoutGradient(subject = optionWords('interpolation', 'nearest')): Error {
  return misuse({
    code: 'nearest-without-gradient',
    subject,
    problem:
      'needs the gradient by the transformation, and under nearest sampling there is none: an image changes in ' +
      'jumps, and between them not at all.',
    advice: 'Use bilinear sampling for it, or attacks that only look: grid, worst-of-10, strongest.',
  });
}

function area(size: Pass['from']): number {
  return size.height * size.width;
}
