import { intsOf, stringOf } from '../../onnx/attributes.ts';
import type { NodeView } from '../node-view.ts';
import type { Rule } from '../rule.ts';
import type { BackwardStep } from '../step.ts';
import { GRADIENT_DOMAIN } from '../../onnx/graph.ts';
import { convolutionAttributes } from '../expansions/convolution.ts';
import { biasGradient } from './convolution.ts';
import { extents } from './geometry.ts';
import type { Axis } from './geometry.ts';

/**
 * A transposed convolution is the input gradient of a convolution with the same weights, so its own input gradient is
 * that convolution, and by the weights the two signals change places.
 */
const convTranspose: Rule = {
  opType: 'ConvTranspose',
  formula: 'dx = g convolved with the weights;  dw = g convolved with x;  db = Σ g',
  inputs: 'all',
  ranked: true,
  limits: 'kernel, and for output_shape or auto_pad the image size, must be known',
  refuse: (view) =>
    axesOf(view) === undefined ? "its kernel's size or its padding is only known at run time" : undefined,
  gradient: (s) => {
    const [x, weights] = s.node.inputs;
    const axes = axesOf(s) as Axis[];
    const groups = s.int('group', 1);
    return s.each((position) => {
      if (position === 0) return convolve(s, weights, groups, axes);
      if (position === 1) {
        const channels = (s.dims(weights)[1] as number) * groups;
        const [batch, , ...extents] = s.dims(s.y);
        const attributes = convolutionAttributes(groups, axes, [batch, channels, ...extents], s.dims(x).slice(2));
        return s.b.op('ConvWeightGradient', [weights, s.g, x], attributes, GRADIENT_DOMAIN);
      }
      return biasGradient(s);
    });
  },
};

function convolve(s: BackwardStep, weights: string, groups: number, axes: readonly Axis[]): string {
  return s.b.op('Conv', [s.g, weights], {
    kernel_shape: axes.map((a) => a.kernel),
    strides: axes.map((a) => a.stride),
    dilations: axes.map((a) => a.dilation),
    pads: [...axes.map((a) => a.before), ...axes.map((a) => a.after)],
    group: groups,
  });
}

/**
 * The windows of the convolution whose transpose this is. Its frame follows from the extents where they are known
 * (auto_pad, output_shape): before + after = (input − 1)·stride + output_padding + reach − output.
 */
function axesOf(view: NodeView): Axis[] | undefined {
  const { node, info } = view;
  const shape = info(node.inputs[1])?.shape;
  const kernel = intsOf(node, 'kernel_shape') ?? shape?.slice(2);
  if (kernel === undefined || typeof shape?.[1] !== 'number' || !kernel.every((k) => typeof k === 'number'))
    return undefined;
  const rank = kernel.length;
  const strides = intsOf(node, 'strides') ?? kernel.map(() => 1);
  const dilations = intsOf(node, 'dilations') ?? kernel.map(() => 1);
  const extra = intsOf(node, 'output_padding') ?? kernel.map(() => 0);
  const mode = stringOf(node, 'auto_pad') ?? 'NOTSET';
  const given = intsOf(node, 'pads') ?? Array.from({ length: 2 * rank }, () => 0);
  const derived = intsOf(node, 'output_shape') !== undefined || mode.startsWith('SAME');
  const sizes = extents(view);
  const axes: Axis[] = [];
  for (let i = 0; i < rank; i++) {
    let [before, after] = mode === 'VALID' ? [0, 0] : [given[i], given[rank + i]];
    if (derived) {
      const { input, output } = sizes[i] ?? {};
      if (typeof input !== 'number' || typeof output !== 'number') return undefined;
      const total = (input - 1) * strides[i] + extra[i] + (kernel[i] - 1) * dilations[i] + 1 - output;
      const half = Math.floor(total / 2);
      before = mode === 'SAME_UPPER' ? half : total - half;
      after = total - before;
    }
    axes.push({ kernel: kernel[i], stride: strides[i], dilation: dilations[i], before, after });
  }
  return axes;
}

export const transposedConvolution: readonly Rule[] = [convTranspose];
