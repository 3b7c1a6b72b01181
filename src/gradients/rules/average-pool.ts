import { intOf } from '../../onnx/attributes.ts';
import { GRADIENT_DOMAIN, type Dimension } from '../../onnx/graph.ts';
import type { NodeView } from '../node-view.ts';
import type { Rule } from '../rule.ts';
import { reshapeLike } from '../shapes.ts';
import type { BackwardStep } from '../step.ts';
import { MOST_PHASES, phaseCount } from '../expansions/convolution-input.ts';
import { convolutionAttributes } from '../expansions/convolution.ts';
import { extents, reachingTaps, refuseUnknownWindows, windows } from './geometry.ts';
import type { Axis, Extent } from './geometry.ts';
import { windowCounts, windowSumsGradient } from './window-sums.ts';

/** Up to this many elements of a window a convolution is the faster way to sum. */
const SMALL_WINDOW = 256;

/** Norms below this count as zero. */
const SMALLEST_NORM = 1e-30;

/**
 * An average is a sum over windows divided by the number of elements that the window counts. Small windows of images of
 * known size are a convolution of each channel with ones, whose gradient is taken; for others see `windowSumsGradient`.
 */
const average: Rule = {
  opType: 'AveragePool',
  formula: 'dx[i] = Σ g[j] / n[j] over the windows j that hold i, n[j] the elements that window j counts',
  inputs: [0],
  ranked: true,
  refuse: refuseUnknownWindows,
  gradient: (s) => {
    const whole = windows(s) as Axis[];
    const sizes = extents(s);
    const known = isKnown(sizes);
    const area = whole.reduce((n, a) => n * a.kernel, 1);
    const axes = known ? whole.map((axis, i) => reachingTaps(axis, sizes[i]).axis) : whole;
    const small = axes.reduce((n, a) => n * a.kernel, 1) <= SMALL_WINDOW && phaseCount(axes) <= MOST_PHASES;
    if (small && (known || !needsCounts(s))) {
      const share = needsCounts(s) ? s.div(s.g, countsOf(s, whole, sizes)) : s.scale(s.g, 1 / area);
      return [sumByConvolution(s, share, axes)];
    }
    const share = needsCounts(s)
      ? s.div(s.g, windowCounts(s, whole, s.int('count_include_pad', 0) === 1))
      : s.scale(s.g, 1 / area);
    return [windowSumsGradient(s, share, whole)];
  },
};

/** The sum is a convolution of each channel with ones; where the number of channels is unknown, each is an image. */
function sumByConvolution(s: BackwardStep, share: string, axes: readonly Axis[]): string {
  const [batch, channels, ...image] = s.dims(s.x);
  const output = s.dims(s.y).slice(2);
  const kernel = axes.map((a) => a.kernel);
  const area = kernel.reduce((n, k) => n * k, 1);
  const gradient = (x: string, g: string, count: number, dims: readonly Dimension[]): string => {
    const ones = s.number(
      Array.from({ length: count * area }, () => 1),
      [count, 1, ...kernel],
    );
    const attributes = convolutionAttributes(count, axes, dims, output);
    return s.b.op('ConvInputGradient', [x, ones, g], attributes, GRADIENT_DOMAIN);
  };
  if (typeof channels === 'number') return gradient(s.x, share, channels, [batch, channels, ...image]);
  const single = (value: string, like: string): string =>
    s.b.op('Reshape', [
      value,
      s.b.op('Concat', [s.b.ints([-1, 1]), s.b.op('Shape', [like], { start: 2 })], { axis: 0 }),
    ]);
  return reshapeLike(s, gradient(single(s.x, s.x), single(share, s.y), 1, [null, 1, ...image]), s.x);
}

/** Whether windows at the border count fewer elements than the others. */
function needsCounts(view: NodeView): boolean {
  const framed =
    windows(view)?.some((a) => a.before !== 0 || a.after !== 0) === true && intOf(view.node, 'count_include_pad') !== 1;
  return framed || intOf(view.node, 'ceil_mode') === 1;
}

function isKnown(sizes: readonly Extent[]): boolean {
  return sizes.every((e) => typeof e.input === 'number' && typeof e.output === 'number');
}

/** How many elements each window counts: inside the image, or inside image and frame. Shape […outputs]. */
function countsOf(s: BackwardStep, axes: readonly Axis[], sizes: readonly Extent[]): string {
  const framed = s.int('count_include_pad', 0) === 1;
  const perAxis = axes.map(({ kernel, stride, dilation, before, after }, i) => {
    const [input, output] = [sizes[i].input as number, sizes[i].output as number];
    const [low, high] = framed ? [-before, input + after] : [0, input];
    return Array.from({ length: output }, (_, j) => {
      const start = j * stride - before;
      const first = Math.max(0, Math.ceil((low - start) / dilation));
      const last = Math.min(kernel - 1, Math.floor((high - 1 - start) / dilation));
      return Math.max(0, last - first + 1);
    });
  });
  const counts = perAxis.reduce<number[]>((rows, axis) => rows.flatMap((n) => axis.map((m) => n * m)), [1]);
  return s.number(
    counts,
    perAxis.map((axis) => axis.length),
  );
}

/** sign(x) · m^(p−1), where m is |x| or a multiple of it: the slope of |x|ᵖ/p. */
function slope(s: BackwardStep, magnitude: string, p: number): string {
  const sign = s.b.op('Sign', [s.x]);
  return p === 1 ? sign : s.mul(sign, p === 2 ? magnitude : s.b.op('Pow', [magnitude, s.number(p - 1)]));
}

/** y = (Σ |x|ᵖ)^(1/p) over a window, whose frame counts as zeros. */
const lp: Rule = {
  opType: 'LpPool',
  formula: 'dx[i] = sign(x[i]) · Σ g[j] · (|x[i]| / y[j])^(p−1) over the windows j that hold i, zero where y = 0',
  inputs: [0],
  ranked: true,
  refuse: refuseUnknownWindows,
  gradient: (s) => {
    const p = s.int('p', 2);
    const floor = s.b.op('Max', [s.y, s.number(SMALLEST_NORM)]);
    const share = p === 1 ? s.g : s.div(s.g, p === 2 ? floor : s.b.op('Pow', [floor, s.number(p - 1)]));
    return [s.mul(slope(s, s.b.op('Abs', [s.x]), p), windowSumsGradient(s, share, windows(s) as Axis[]))];
  },
};

/** The same over the whole image. */
const globalLp: Rule = {
  opType: 'GlobalLpPool',
  formula: 'dx = g · sign(x) · (|x| / y)^(p−1), zero where y = 0',
  inputs: [0],
  ranked: true,
  gradient: (s) => {
    const ratio = s.div(s.b.op('Abs', [s.x]), s.b.op('Max', [s.y, s.number(SMALLEST_NORM)]));
    return [s.mul(s.g, slope(s, ratio, s.int('p', 2)))];
  },
};

export const averagePooling: readonly Rule[] = [average, lp, globalLp];
