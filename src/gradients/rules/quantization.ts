import { intOf } from '../../onnx/attributes.ts';
import type { Rule } from '../rule.ts';
import type { BackwardStep } from '../step.ts';

/*
 * Rounding has the derivative zero, which no attack can use. As quantisation-aware training does, the gradient passes
 * it straight (Bengio et al. 2013) and stops where the range of the codes cut the value off. By a code is meant by the
 * real number that it stands for, so that QuantizeLinear and DequantizeLinear, and layouts between them, hand it on as
 * it is.
 */

/** [|x − x̂| ≤ scale / 2], x̂ the number that the code stands for: zero where the range cut x off. */
function insideRange(s: BackwardStep): string {
  const { b } = s;
  const [x, scale, zero] = s.node.inputs;
  const attributes: Record<string, number> = s.node.attributes.has('axis') ? { axis: s.int('axis', 1) } : {};
  const restored = b.op('DequantizeLinear', [s.y, scale, ...(zero ? [zero] : [])], attributes, s.node.domain);
  const error = b.op('Abs', [s.sub(x, restored)]);
  return b.op('CastLike', [b.op('LessOrEqual', [error, s.scale(perAxis(s, scale), 0.5001)]), x]);
}

/** A scale for each position of an axis, shaped to be broadcast; one scale stays as it is. */
function perAxis(s: BackwardStep, scale: string): string {
  if (s.shape(scale)?.length !== 1 || s.shape(scale)?.[0] === 1) return scale;
  const axis = s.axis(s.int('axis', 1));
  return s.b.op('Reshape', [scale, s.b.ints(s.dims(s.x).map((_, i) => (i === axis ? -1 : 1)))]);
}

export const quantization: readonly Rule[] = [
  {
    opType: 'QuantizeLinear',
    formula: 'straight through: dx = g · [x in the range of the codes]',
    inputs: [0],
    ranked: true,
    refuse: ({ node }) => (intOf(node, 'block_size', 0) === 0 ? undefined : 'its attribute block_size is not covered'),
    gradient: (s) => [s.mul(s.g, insideRange(s))],
  },
  {
    opType: 'DequantizeLinear',
    formula: 'straight through: dx = g',
    inputs: [0],
    gradient: (s) => [s.g],
  },
];
