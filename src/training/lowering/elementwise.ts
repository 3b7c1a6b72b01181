import { floats } from '../../onnx/builder.ts';
import type { Node } from '../../onnx/graph.ts';
import { HARD_STEP } from '../../gradients/expansions/positive.ts';
import { type Lowering, type LoweringRule, RELU, type Sum, type Term } from './lowering.ts';
import { negated, scaled, holdSum } from './sums.ts';

/** Whether a value broadcasts against an image along the channels alone: a scalar, [C, 1, 1] or [1, C, 1, 1]. */
function isPerChannel(lowering: Lowering, value: string, channels: number): boolean {
  const shape = lowering.source.shape(value);
  if (shape === undefined || shape.length > 4) return false;
  if (shape.every((d) => d === 1)) return true;
  const axis = shape.length - 3;
  return axis >= 0 && shape.every((d, i) => d === (i === axis ? channels : 1));
}

/** Each operand an image of the output's shape or a vector over its channels, one image at least blocked. */
function combines(node: Node, lowering: Lowering): boolean {
  const shape = lowering.imageShape(node.outputs[0]);
  if (shape === undefined) return false;
  const images = node.inputs.filter((input) => lowering.source.shape(input)?.join() === shape.join());
  return (
    images.some((input) => lowering.isBlocked(input)) &&
    node.inputs.every((input) => images.includes(input) || isPerChannel(lowering, input, shape[1]))
  );
}

function isImage(node: Node, lowering: Lowering, input: string): boolean {
  return lowering.source.shape(input)?.join() === lowering.source.shape(node.outputs[0])?.join();
}

/** A sum of two images one of which is a convolution that nothing else needs: the other is added inside of it. */
function addsToConvolution(node: Node, lowering: Lowering): boolean {
  if (
    node.inputs.length !== 2 ||
    node.inputs[0] === node.inputs[1] ||
    !node.inputs.every((input) => isImage(node, lowering, input))
  )
    return false;
  for (const [own, other] of [node.inputs, [...node.inputs].reverse()]) {
    const convolution = lowering.convolution(own);
    if (convolution === undefined || convolution.sum !== undefined) continue;
    lowering.setForm(node.outputs[0], { ...convolution, sum: lowering.blocked(other) });
    return true;
  }
  return false;
}

function sum(sign: 1 | -1): LoweringRule {
  return {
    applies: combines,
    blocks: () => true,
    write(node, lowering) {
      const [, channels] = lowering.imageShape(node.outputs[0]) as readonly number[];
      if (sign === 1 && addsToConvolution(node, lowering)) return;
      const terms: Term[] = [];
      let bias: string | undefined;
      node.inputs.forEach((input, position) => {
        const negate = sign === -1 && position > 0;
        let part: Sum;
        if (isImage(node, lowering, input)) part = lowering.sum(input);
        else part = { terms: [], bias: lowering.vector(input, channels) };
        if (negate) {
          part =
            part.terms.length === 0
              ? { terms: [], bias: lowering.op('Neg', [part.bias as string]) }
              : negated(lowering, part, channels);
        }
        for (const term of part.terms) terms.push(term);
        bias =
          bias === undefined || part.bias === undefined ? (bias ?? part.bias) : lowering.op('Add', [bias, part.bias]);
      });
      holdSum(lowering, node.outputs[0], { terms, bias });
    },
  };
}

const multiplication: LoweringRule = {
  applies: combines,
  blocks: () => true,
  write(node, lowering) {
    const [a, c] = node.inputs;
    const [, channels] = lowering.imageShape(node.outputs[0]) as readonly number[];
    if (isImage(node, lowering, a) && isImage(node, lowering, c)) {
      lowering.setForm(node.outputs[0], {
        terms: [{ tensor: lowering.op('Mul', [lowering.blocked(a), lowering.blocked(c)]) }],
      });
      return;
    }
    const [image, factor] = isImage(node, lowering, a) ? [a, c] : [c, a];
    holdSum(lowering, node.outputs[0], scaled(lowering, lowering.sum(image), lowering.vector(factor, channels)));
  },
};

/** An operator on each element alone. */
const unary: LoweringRule = {
  applies: combines,
  blocks: () => true,
  write(node, lowering) {
    const [x] = node.inputs;
    lowering.setForm(node.outputs[0], {
      terms: [{ tensor: lowering.op(node.opType, [lowering.blocked(x)], Object.fromEntries(node.attributes)) }],
    });
  },
};

/** [x > 0], as its expansion to standard operators writes it. */
const positive: LoweringRule = {
  applies: combines,
  blocks: () => true,
  write(node, lowering) {
    const [x] = node.inputs;
    const tensor = lowering.op('HardSigmoid', [lowering.blocked(x)], HARD_STEP);
    lowering.setForm(node.outputs[0], { terms: [{ tensor }] });
  },
};

const relu: LoweringRule = {
  applies: combines,
  blocks: () => true,
  write(node, lowering) {
    const [x] = node.inputs;
    const convolution = lowering.convolution(x);
    const tensor =
      convolution === undefined ? lowering.materialise(lowering.sum(x), x, true) : lowering.convolve(convolution, RELU);
    lowering.setForm(node.outputs[0], { terms: [{ tensor }] });
  },
};

/** Bounds of a Clip, constants both. */
function boundsOf(node: Node, lowering: Lowering): readonly [number, number] | undefined {
  const bound = (position: number, otherwise: number): number | undefined => {
    const name = node.inputs[position];
    return !name ? otherwise : lowering.source.numbers(name)?.[0];
  };
  const [low, high] = [bound(1, -LARGEST), bound(2, LARGEST)];
  return low === undefined || high === undefined ? undefined : [low, high];
}

/** Of float32. */
const LARGEST = 3.4028234663852886e38;

const clip: LoweringRule = {
  applies: (node, lowering) =>
    lowering.isBlocked(node.inputs[0]) &&
    lowering.imageShape(node.outputs[0]) !== undefined &&
    boundsOf(node, lowering) !== undefined,
  blocks: () => true,
  write(node, lowering) {
    const [x] = node.inputs;
    const bounds = boundsOf(node, lowering)!;
    const convolution = lowering.convolution(x);
    const tensor =
      convolution === undefined
        ? lowering.op('Clip', [lowering.blocked(x), ...bounds.map((bound) => lowering.b.constant(bound))])
        : lowering.convolve(convolution, { activation: 'Clip', activation_params: floats(bounds) });
    lowering.setForm(node.outputs[0], { terms: [{ tensor }] });
  },
};

export const ELEMENTWISE: Readonly<Record<string, LoweringRule>> = {
  Add: sum(1),
  Sub: sum(-1),
  Mul: multiplication,
  Relu: relu,
  Clip: clip,
  Positive: positive,
  HardSigmoid: unary,
  Sigmoid: unary,
  Tanh: unary,
  Neg: unary,
};
