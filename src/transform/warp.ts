import { misuse } from '../errors/error.ts';
import { imageSize, type ImageShape } from '../image/image.ts';
import { conventionPasses, type Pass } from './affine.ts';
import { resample, resampleAdjoint, resampleDerivative } from './resample.ts';
import type { Convention, Padding, Transformation } from './transformation.ts';

export interface WarpSettings {
  readonly padding: Padding;
  readonly convention: Convention;
}

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
   */
  derivative(source: Float32Array, t: Transformation, gradient: Float32Array): [number, number, number];
  /** Gradient by the source of Σ gradient · apply(source, t): the transposed linear map. Overwrites `target`. */
  adjoint(gradient: Float32Array, t: Transformation, target: Float32Array): void;
}

/**
 * @throws misuse if the convention is another code's and the padding not its own (zeros)
 */
export function createWarp(shape: ImageShape, settings: WarpSettings = DEFAULT_WARP): Warp {
  const { padding, convention } = settings;
  if (convention !== 'gimbal' && padding !== 'zeros') {
    throw misuse({
      code: 'padding-of-convention',
      subject: `padding ${padding}`,
      problem: `the convention ${convention} pads with zeros only.`,
      advice: 'Leave --padding out, or use --convention gimbal.',
    });
  }
  const passes = conventionPasses(convention, shape);
  const { channels } = shape;
  const between = passes.slice(0, -1).map((pass) => new Float32Array(channels * area(pass.to)));
  const betweenGradients = between.map((image) => new Float32Array(image.length));

  return {
    shape,
    apply: (source, t, target, offset = 0) => {
      if (t.tx === 0 && t.ty === 0 && t.angle === 0) {
        target.set(source.length === imageSize(shape) ? source : source.subarray(0, imageSize(shape)), offset);
        return;
      }
      passes.forEach((pass, i) => {
        const last = i === passes.length - 1;
        resample(
          pass,
          pass.map(t),
          padding,
          channels,
          i === 0 ? source : between[i - 1],
          last ? target : between[i],
          last ? offset : 0,
        );
      });
    },
    derivative: (source, t, gradient) => {
      const sums: [number, number, number] = [0, 0, 0];
      passes
        .slice(0, -1)
        .forEach((pass, i) =>
          resample(pass, pass.map(t), padding, channels, i === 0 ? source : between[i - 1], between[i], 0),
        );
      let g = gradient;
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
      let g = gradient;
      for (let i = passes.length - 1; i >= 0; i--) {
        const to = i === 0 ? target : betweenGradients[i - 1];
        to.fill(0);
        resampleAdjoint(passes[i], passes[i].map(t), padding, channels, g, to);
        g = to;
      }
    },
  };
}

function area(size: Pass['from']): number {
  return size.height * size.width;
}
