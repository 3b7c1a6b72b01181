import { float } from '../../onnx/builder.ts';
import { GRADIENT_DOMAIN } from '../../onnx/graph.ts';
import type { Rule } from '../rule.ts';
import { perChannel } from '../standardization.ts';
import type { BackwardStep } from '../step.ts';
import { biasGradient } from './convolution.ts';

/** y = (x − mean) · r · scale + bias with stored statistics: linear in x, with r = 1/√(variance + ε). */
function inference(s: BackwardStep): readonly (string | undefined)[] {
  const { b } = s;
  const [x, scale, , mean, variance] = s.node.inputs;
  const rank = s.rank(x);
  const others = s
    .dims(x)
    .map((_, i) => i)
    .filter((i) => i !== 1);
  const inverse = b.op('Reciprocal', [b.op('Sqrt', [s.add(variance, s.number(s.float('epsilon', 1e-5)))])]);
  const factor = s.mul(scale, inverse);
  const sumOfHat = (): string => s.mul(s.sum(s.mul(s.g, s.sub(x, perChannel(s, mean, rank))), others, false), inverse);
  const gradients = [
    () => s.mul(s.g, perChannel(s, factor, rank)),
    sumOfHat,
    () => s.sum(s.g, others, false),
    () => s.neg(s.mul(s.sum(s.g, others, false), factor)),
    () => s.scale(s.mul(sumOfHat(), s.mul(factor, inverse)), -0.5),
  ];
  return s.each((position) => gradients[position]());
}

/** Statistics of the batch: the running mean and variance only pass through to the other outputs. */
function training(s: BackwardStep): readonly (string | undefined)[] {
  const [x, scale] = s.node.inputs;
  const epsilon = float(s.float('epsilon', 1e-5));
  const gradients = s.b.ops('BatchNormalizationGradient', [x, scale, s.g], 2, { epsilon }, GRADIENT_DOMAIN);
  return s.each((position) => (position === 2 ? biasGradient(s) : gradients[position]));
}

export const batchNormalization: readonly Rule[] = [
  {
    opType: 'BatchNormalization',
    formula:
      'inference: dx = g · scale · r, r = 1/√(variance + ε);  training: ' +
      'dx = r · (h − mean h − x̂ · mean(h · x̂)), h = g · scale;  dscale = Σ g · x̂;  dbias = Σ g',
    inputs: 'all',
    ranked: true,
    gradient: (s) => (s.int('training_mode', 0) === 1 ? training(s) : inference(s)),
  },
];
