import { floatOf, intOf } from '../../onnx/attributes.ts';
import type { Node } from '../../onnx/graph.ts';
import type { Lowering, LoweringRule } from './lowering.ts';
import { meanOfForm, meanOfProduct, times, type ImageShape } from './reductions.ts';

/**
 * Training mode with momentum 0; the variance takes a second pass, over x − mean, as the gradient does, and shares it.
 */
const trainingNorm: LoweringRule = {
  applies: (node, lowering) =>
    intOf(node, 'training_mode', 0) === 1 &&
    floatOf(node, 'momentum', 0.9) === 0 &&
    lowering.isBlocked(node.inputs[0]) &&
    lowering.imageShape(node.inputs[0]) !== undefined,
  blocks: () => true,
  write(node, lowering) {
    const [x, , shift] = node.inputs;
    const shape = lowering.imageShape(x) as ImageShape;
    const [, channels] = shape;
    const form = lowering.sum(x);
    const average = meanOfForm(lowering, form, shape);
    const minus = lowering.op('Neg', [average]);
    const bias = form.bias === undefined ? minus : lowering.op('Add', [form.bias, minus]);
    const centred = lowering.materialise({ terms: form.terms, bias }, x);
    const variance = meanOfProduct(lowering, centred, centred, shape);
    const factor = factorOf(node, lowering, variance, channels);
    const [y, meanName, varianceName] = node.outputs;
    lowering.setForm(y, { terms: [{ tensor: centred, scale: factor }], bias: lowering.vector(shift, channels) });
    if (meanName) lowering.define(meanName, 'Identity', [average]);
    if (varianceName) lowering.define(varianceName, 'Identity', [variance]);
  },
};

/** 1/√(variance + ε) · scale, over the channels. */
function factorOf(node: Node, lowering: Lowering, variance: string, channels: number): string {
  const spread = lowering.op('Sqrt', [
    lowering.op('Add', [variance, lowering.b.constant(floatOf(node, 'epsilon', 1e-5))]),
  ]);
  return lowering.op('Div', [lowering.vector(node.inputs[1], channels), spread]);
}

/**
 * With stored statistics: a scale and a shift of each channel, taken into the convolution in front where there is one.
 */
const inferenceNorm: LoweringRule = {
  applies: (node, lowering) =>
    intOf(node, 'training_mode', 0) === 0 &&
    lowering.isBlocked(node.inputs[0]) &&
    lowering.imageShape(node.inputs[0]) !== undefined,
  blocks: () => true,
  write(node, lowering) {
    const [x, , shift, mean, variance] = node.inputs;
    const [, channels] = lowering.imageShape(x) as ImageShape;
    const factor = factorOf(node, lowering, lowering.vector(variance, channels), channels);
    const moved = lowering.op('Sub', [
      lowering.vector(shift, channels),
      lowering.op('Mul', [lowering.vector(mean, channels), factor]),
    ]);
    const convolution = lowering.convolution(x);
    if (convolution === undefined || convolution.sum !== undefined) {
      const { terms, bias } = lowering.sum(x);
      const offset = bias === undefined ? moved : lowering.op('Add', [lowering.op('Mul', [bias, factor]), moved]);
      lowering.setForm(node.outputs[0], {
        terms: terms.map((term) => ({ ...term, scale: times(lowering, factor, term.scale) })),
        bias: offset,
      });
      return;
    }
    const { weights, shape, bias } = convolution;
    const [o, i, kh, kw] = shape;
    const B = lowering.block;
    const scaled = lowering.op('Mul', [
      lowering.reshape(weights, [o / B, i * kh * kw, B]),
      lowering.reshape(factor, [o / B, 1, B]),
    ]);
    lowering.setForm(node.outputs[0], {
      ...convolution,
      weights: lowering.reshape(scaled, shape),
      bias: bias === undefined ? moved : lowering.op('Add', [lowering.op('Mul', [bias, factor]), moved]),
    });
  },
};

const either = (node: Node): LoweringRule => (intOf(node, 'training_mode', 0) === 1 ? trainingNorm : inferenceNorm);

const batchNormalization: LoweringRule = {
  applies: (node, lowering) => either(node).applies(node, lowering),
  blocks: () => true,
  write: (node, lowering) => either(node).write(node, lowering),
};

export const NORMS: Readonly<Record<string, LoweringRule>> = { BatchNormalization: batchNormalization };
