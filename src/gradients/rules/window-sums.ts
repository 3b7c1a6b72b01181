import { dimension } from '../shapes.ts';
import type { BackwardStep } from '../step.ts';
import { transposedAlong } from './along-axis.ts';
import type { Axis } from './geometry.ts';

/**
 * The gradient of sums over windows, dx[i] = Σ g[j] over the windows j that hold i. A window is a product of intervals,
 * so one axis after another is a product with the matrix [outputs, inputs] that is 1 where window j holds input i. The
 * cost follows the image and not the window, and the extents may be known at run time only.
 * @param g of the shape of y
 */
export function windowSumsGradient(s: BackwardStep, g: string, axes: readonly Axis[]): string {
  const rank = s.rank(s.x);
  return axes.reduce((sum, axis, i) => transposedAlong(s, sum, rank, i + 2, holds(s, axis, i + 2)), g);
}

/**
 * How many elements each window counts, to be broadcast against y: those inside the image, or inside image and frame.
 */
export function windowCounts(s: BackwardStep, axes: readonly Axis[], framed: boolean): string {
  const rank = s.rank(s.x);
  const perAxis = axes.map((axis, i) => {
    const counts = framed ? countsWithFrame(s, axis, i + 2) : s.sum(holds(s, axis, i + 2), [1], false);
    const column = Array.from({ length: rank }, (_, at) => (at === i + 2 ? -1 : 1));
    return s.b.op('Reshape', [counts, s.b.ints(column)]);
  });
  return perAxis.reduce((product, counts) => s.mul(product, counts));
}

/** 0, 1, …, n − 1 times a factor plus a number, int64. */
function ramp(s: BackwardStep, value: string, axis: number, factor: number, plus: number): string {
  const { b } = s;
  const positions = b.op('Range', [b.ints(0), b.op('Squeeze', [dimension(s, value, axis)]), b.ints(1)]);
  return b.op('Add', [b.op('Mul', [positions, b.ints(factor)]), b.ints(plus)]);
}

/**
 * [outputs, inputs]: 1 where window j holds input i, that is 0 ≤ i + before − j·stride ≤ (kernel − 1)·dilation in whole
 * dilations.
 */
function holds(s: BackwardStep, { kernel, stride, dilation, before }: Axis, axis: number): string {
  const { b } = s;
  const inputs = b.op('Unsqueeze', [ramp(s, s.x, axis, 1, before), b.ints([0])]);
  const starts = b.op('Unsqueeze', [ramp(s, s.y, axis, stride, 0), b.ints([1])]);
  const offset = b.op('Sub', [inputs, starts]);
  const within = b.op('And', [
    b.op('GreaterOrEqual', [offset, b.ints(0)]),
    b.op('LessOrEqual', [offset, b.ints((kernel - 1) * dilation)]),
  ]);
  const hit =
    dilation === 1
      ? within
      : b.op('And', [within, b.op('Equal', [b.op('Mod', [offset, b.ints(dilation)]), b.ints(0)])]);
  return b.op('CastLike', [hit, s.x]);
}

/**
 * Taps of each window that lie before the frame's end: min(kernel, ⌈(input + before + after − j·stride) / dilation⌉).
 */
function countsWithFrame(s: BackwardStep, { kernel, stride, dilation, before, after }: Axis, axis: number): string {
  const { b } = s;
  const end = b.op('Add', [dimension(s, s.x, axis), b.ints(before + after + dilation - 1)]);
  const room = b.op('Div', [b.op('Sub', [end, ramp(s, s.y, axis, stride, 0)]), b.ints(dilation)]);
  return b.op('CastLike', [b.op('Min', [room, b.ints(kernel)]), s.x]);
}
