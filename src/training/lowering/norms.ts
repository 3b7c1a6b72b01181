import { floatOf, intOf } from '../../onnx/attributes.ts';
import type { Node } from '../../onnx/graph.ts';
import type { Lowering, LoweringRule } from './lowering.ts';
import { meanOfForm, meanOfProduct, single, times, type Dims } from './reductions.ts';
import { negated, product, scaled, holdSum } from './sums.ts';

/** Whether the statistics are those of the batch, of a blocked image, and are not mixed with older ones. */
function isOfBatch(node: Node, lowering: Lowering): boolean {
  return (
    intOf(node, 'training_mode', 0) === 1 &&
    floatOf(node, 'momentum', 0.9) === 0 &&
    lowering.isBlocked(node.inputs[0]) &&
    lowering.imageShape(node.inputs[0]) !== undefined
  );
}

/** A blocked image less its mean over the batch, that mean and the variance, vectors over the channels. */
interface Centred {
  readonly tensor: string;
  readonly average: string;
  readonly variance: string;
}

/** The variance takes a second pass, over x − mean. A norm and its gradient write the same, and so share it. */
function centre(lowering: Lowering, x: string): Centred {
  const shape = lowering.imageShape(x) as Dims;
  const form = lowering.sum(x);
  const average = meanOfForm(lowering, form, shape);
  const minus = lowering.op('Neg', [average]);
  const bias = form.bias === undefined ? minus : lowering.op('Add', [form.bias, minus]);
  const tensor = lowering.materialise({ terms: form.terms, bias }, x);
  return { tensor, average, variance: meanOfProduct(lowering, tensor, tensor, shape) };
}

/** Training mode with momentum 0. */
const trainingNorm: LoweringRule = {
  applies: isOfBatch,
  blocks: () => true,
  write(node, lowering) {
    const [x, , shift] = node.inputs;
    const [, channels] = lowering.imageShape(x) as Dims;
    const { tensor, average, variance } = centre(lowering, x);
    const factor = factorOf(node, lowering, variance, channels);
    const [y, meanName, varianceName] = node.outputs;
    lowering.setForm(y, { terms: [{ tensor, scale: factor }], bias: lowering.vector(shift, channels) });
    if (meanName) lowering.define(meanName, 'Identity', [average]);
    if (varianceName) lowering.define(varianceName, 'Identity', [variance]);
  },
};

/**
 * dx = r · (h − mean h − x̂ · mean(h · x̂)), h = g · scale, and dscale = Σ g · x̂, as a sum over g and x − mean with
 * factors of each channel: see gradients/expansions/batch-normalization.ts.
 */
const trainingNormGradient: LoweringRule = {
  applies: (node, lowering) => lowering.isBlocked(node.inputs[0]) && lowering.imageShape(node.inputs[0]) !== undefined,
  blocks: () => true,
  write(node, lowering) {
    const [x, scale, g] = node.inputs;
    const shape = lowering.imageShape(x) as Dims;
    const [n, channels, height, width] = shape;
    const { tensor: centred, variance } = centre(lowering, x);
    const inverse = lowering.op('Reciprocal', [spreadOf(node, lowering, variance)]);
    const arriving = single(lowering, g);
    const along = meanOfProduct(lowering, arriving.tensor, centred, shape);
    const h = scaled(lowering, { terms: [arriving] }, lowering.vector(scale, channels));
    const slope = times(lowering, times(lowering, along, h.terms[0].scale), inverse);
    const taken = { terms: [{ tensor: centred, scale: product(lowering, inverse, slope) }] };
    const bias = lowering.op('Neg', [meanOfForm(lowering, h, shape)]);
    const [dx, dscale] = node.outputs;
    holdSum(
      lowering,
      dx,
      scaled(lowering, { terms: [...h.terms, ...negated(lowering, taken, channels).terms], bias }, inverse),
    );
    const average = times(lowering, times(lowering, along, arriving.scale), inverse);
    const sum = lowering.op('Mul', [average, lowering.b.constant(n * height * width)]);
    lowering.setForm(dscale, { vector: sum, dims: [channels] });
  },
};

/** √(variance + ε), over the channels. */
function spreadOf(node: Node, lowering: Lowering, variance: string): string {
  return lowering.op('Sqrt', [lowering.op('Add', [variance, lowering.b.constant(floatOf(node, 'epsilon', 1e-5))])]);
}

/** 1/√(variance + ε) · scale, over the channels. */
function factorOf(node: Node, lowering: Lowering, variance: string, channels: number): string {
  return lowering.op('Div', [lowering.vector(node.inputs[1], channels), spreadOf(node, lowering, variance)]);
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
    const [, channels] = lowering.imageShape(x) as Dims;
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

export const NORMS: Readonly<Record<string, LoweringRule>> = {
  BatchNormalization: batchNormalization,
  BatchNormalizationGradient: trainingNormGradient,
};
