import type { AttributeInput } from '../../onnx/builder.ts';
import { GRADIENT_DOMAIN } from '../../onnx/graph.ts';
import type { Rule } from '../rule.ts';
import type { BackwardStep } from '../step.ts';
import { convolutionInputGradient } from './convolution-input.ts';
import { weightGradientAttributes } from '../expansions/convolution-weights.ts';
import { extents, refuseUnknownWindows, windows } from './geometry.ts';
import type { Axis } from './geometry.ts';

/** Sum over everything but the channels. */
export function biasGradient(s: BackwardStep): string {
  const axes = s
    .dims(s.x)
    .map((_, i) => i)
    .filter((i) => i !== 1);
  return s.sum(s.g, axes, false);
}

/** Of a convolution of `x` whose output's gradient is `g`, by its weights, the node's second input. */
export function weightGradient(
  s: BackwardStep,
  x: string,
  g: string,
  attributes: Record<string, AttributeInput>,
): string {
  return s.b.op('ConvWeightGradient', [s.node.inputs[1], x, g], attributes, GRADIENT_DOMAIN);
}

const conv: Rule = {
  opType: 'Conv',
  formula:
    'dx = g convolved with the flipped, transposed weights, phase by phase where strided; ' +
    ' dw = x convolved with g;  db = Σ g',
  inputs: 'all',
  ranked: true,
  limits: 'the number of channels and the size of the kernel must be known',
  refuse: (view) =>
    refuseUnknownWindows(view) ??
    (typeof view.info(view.node.inputs[0])?.shape?.[1] !== 'number'
      ? 'its number of input channels is unknown'
      : undefined),
  gradient: (s) => {
    const [x, weights] = s.node.inputs;
    const axes = windows(s) as Axis[];
    const channels = s.dims(x)[1] as number;
    const groups = s.int('group', 1);
    const sizes = extents(s);
    return s.each((position) => {
      if (position === 0)
        return convolutionInputGradient(s, s.g, { weights, groups, channels, outputs: s.dims(s.y)[1] }, axes, sizes, x);
      if (position === 1)
        return weightGradient(
          s,
          x,
          s.g,
          weightGradientAttributes(
            groups,
            axes,
            s.dims(x),
            sizes.map((e) => e.output),
          ),
        );
      return biasGradient(s);
    });
  },
};

export const convolution: readonly Rule[] = [conv];
