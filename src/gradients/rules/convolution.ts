import { GRADIENT_DOMAIN } from '../../onnx/graph.ts';
import type { Rule } from '../rule.ts';
import type { BackwardStep } from '../step.ts';
import { convolutionAttributes } from '../expansions/convolution.ts';
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
    const attributes = convolutionAttributes(
      s.int('group', 1),
      axes,
      s.dims(x),
      extents(s).map(({ output }) => output),
    );
    return s.each((position) => {
      if (position === 0) return s.b.op('ConvInputGradient', [x, weights, s.g], attributes, GRADIENT_DOMAIN);
      if (position === 1) return s.b.op('ConvWeightGradient', [weights, x, s.g], attributes, GRADIENT_DOMAIN);
      return biasGradient(s);
    });
  },
};

export const convolution: readonly Rule[] = [conv];
