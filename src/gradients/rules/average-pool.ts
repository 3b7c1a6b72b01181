import { intOf } from '../../onnx/attributes.ts';
import type { NodeView } from '../node-view.ts';
import type { Rule } from '../rule.ts';
import { reshapeLike } from '../shapes.ts';
import type { Step } from '../step.ts';
import { convolutionInputGradient } from './convolution-input.ts';
import type { Filters } from './convolution-input.ts';
import { extents, refuseUnknownWindows, windows } from './geometry.ts';
import type { Axis, Extent } from './geometry.ts';

/**
 * An average is a convolution of each channel with ones, divided by the number of elements in the window; its gradient is
 * that convolution's, of g / number.
 */
const average: Rule = {
  opType: 'AveragePool',
  formula: 'dx[i] = Σ g[j] / n[j] over the windows j that hold i, n[j] the elements that window j counts',
  inputs: [0],
  ranked: true,
  limits: 'frames that are not counted, and ceil_mode, need a known image size',
  refuse: (view) =>
    refuseUnknownWindows(view) ??
    (needsCounts(view) && !isKnown(extents(view))
      ? 'its windows differ at the border and the image size is only known at run time'
      : undefined),
  gradient: (s) => {
    const axes = windows(s) as Axis[];
    const sizes = extents(s);
    const area = axes.reduce((n, a) => n * a.kernel, 1);
    const share = needsCounts(s) ? s.div(s.g, countsOf(s, axes, sizes)) : s.scale(s.g, 1 / area);
    const channels = s.dims(s.x)[1];
    const kernel = axes.map((a) => a.kernel);
    const ones = (count: number): Filters => ({
      weights: s.number(
        Array.from({ length: count * area }, () => 1),
        [count, 1, ...kernel],
      ),
      groups: count,
      channels: count,
      outputs: count,
    });
    if (typeof channels === 'number') {
      return [convolutionInputGradient(s, share, ones(channels), axes, sizes, s.x)];
    }
    const single = (value: string, like: string): string =>
      s.b.op('Reshape', [
        value,
        s.b.op('Concat', [s.b.ints([-1, 1]), s.b.op('Shape', [like], { start: 2 })], { axis: 0 }),
      ]);
    return [reshapeLike(s, convolutionInputGradient(s, single(share, s.y), ones(1), axes, sizes, s.x), s.x)];
  },
};

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
function countsOf(s: Step, axes: readonly Axis[], sizes: readonly Extent[]): string {
  const framed = s.int('count_include_pad', 0) === 1;
  const perAxis = axes.map((a, i) => {
    const [input, output] = [sizes[i].input as number, sizes[i].output as number];
    const [low, high] = framed ? [-a.before, input + a.after] : [0, input];
    return Array.from(
      { length: output },
      (_, j) =>
        Array.from({ length: a.kernel }, (_t, t) => j * a.stride + t * a.dilation - a.before).filter(
          (p) => p >= low && p < high,
        ).length,
    );
  });
  const counts = perAxis.reduce<number[]>((rows, axis) => rows.flatMap((n) => axis.map((m) => n * m)), [1]);
  return s.number(
    counts,
    perAxis.map((axis) => axis.length),
  );
}

export const averagePooling: readonly Rule[] = [average];
