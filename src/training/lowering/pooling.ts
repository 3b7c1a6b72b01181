import { intOf, intsOf } from '../../onnx/attributes.ts';
import { hasWrittenPads, isTwoByTwo } from '../../gradients/expansions/max-pool.ts';
import { floats } from '../../onnx/builder.ts';
import type { Node } from '../../onnx/graph.ts';
import { BLOCKED_DOMAIN, type Lowering, type LoweringRule, type Term } from './lowering.ts';
import { isThreeByThree, writeOverlappingGradient } from './overlapping-pool.ts';
import { blockedImage, weave } from './spatial.ts';
import { uniformDepthwiseWeights } from './weights.ts';

function windowsOf(node: Node): Record<'kernel_shape' | 'strides' | 'pads' | 'dilations', readonly number[]> {
  return {
    kernel_shape: intsOf(node, 'kernel_shape') as readonly number[],
    strides: intsOf(node, 'strides') ?? [1, 1],
    pads: intsOf(node, 'pads') ?? [0, 0, 0, 0],
    dilations: intsOf(node, 'dilations') ?? [1, 1],
  };
}

const maxPool: LoweringRule = {
  applies: (node, lowering) =>
    node.outputs.length === 1 &&
    intOf(node, 'ceil_mode', 0) === 0 &&
    hasWrittenPads(node) &&
    blockedImage(node, lowering),
  blocks: () => true,
  write(node, lowering) {
    lowering.setForm(node.outputs[0], {
      terms: [{ tensor: lowering.nchwc('MaxPool', [lowering.blocked(node.inputs[0])], windowsOf(node)) }],
    });
  },
};

/** Whether it is the gradient of a maximum over windows that can be written blocked. */
function isLowered(node: Node, lowering: Lowering): boolean {
  const [x, y, g] = node.inputs;
  const isImage = [x, g].every((value) => lowering.imageShape(value) !== undefined);
  if (!isImage || !lowering.isBlocked(x)) return false;
  return isTwoByTwo(node) || (isThreeByThree(node, lowering) && lowering.isBlocked(y));
}

/** An activation that makes [difference ≥ 0], as 0 or 1, of a difference: 10³⁰ · difference + 1 clipped to [0, 1]. */
const NOT_NEGATIVE = { activation: 'HardSigmoid', activation_params: floats([1e30, 1]) };

/**
 * [a ≥ c] as 0 or 1 for two values a, c of each window, in one pass: the convolution takes their difference.
 * @param signs of the values in the window's first rows: one 1, one −1
 */
function comesFirst(
  lowering: Lowering,
  tensor: string,
  channels: number,
  kernel: readonly number[],
  signs: readonly number[],
  strides = [2, 2],
): string {
  return lowering.nchwc('Conv', [tensor, uniformDepthwiseWeights(lowering, signs, channels, kernel)], {
    group: channels,
    kernel_shape: kernel,
    strides,
    dilations: [1, 1],
    pads: [0, 0, 0, 0],
    ...NOT_NEGATIVE,
  });
}

/** Whether the maximum of each window lies in its upper row. */
function isUpperRow(lowering: Lowering, pool: Node, image: string, channels: number, height: number): string {
  const windows = windowsOf(pool);
  if (height % 2 === 1) {
    const rows = lowering.nchwc('MaxPool', [image], { ...windows, kernel_shape: [1, 2], strides: [1, 2] });
    return comesFirst(lowering, rows, channels, [2, 1], [1, -1], [2, 1]);
  }
  const upper = lowering.nchwc('MaxPool', [image], { ...windows, kernel_shape: [1, 2] });
  return lowering.perChannel(
    [lowering.nchwc('MaxPool', [image], windows), lowering.constantVector(-1, channels), '', upper],
    channels,
    NOT_NEGATIVE,
  );
}

/**
 * The first maximum of each window in row-major order takes all of g: the upper row where its maximum is that of the
 * window, and in each row the left value where it is no smaller.
 * @param g blocked, in place of the node's own
 */
function writeMaxPoolGradient(lowering: Lowering, node: Node, g: string): Term {
  const [x] = node.inputs;
  const [n, c, height, width] = lowering.imageShape(x) as readonly [number, number, number, number];
  const image = lowering.blocked(x);
  // With an odd row at the end, kernels of one row would find a window more.
  const ofUpperRow = height % 2 === 0 ? [1, 2] : [2, 2];
  const upper = lowering.op('Mul', [g, isUpperRow(lowering, node, image, c, height)]);
  const lower = lowering.op('Sub', [g, upper]);
  const [h, w] = [Math.floor(height / 2), Math.floor(width / 2)];
  const phases = [
    { row: upper, isLeft: comesFirst(lowering, image, c, ofUpperRow, [1, -1, 0, 0].slice(0, ofUpperRow[0] * 2)) },
    { row: lower, isLeft: comesFirst(lowering, image, c, [2, 2], [0, 0, 1, -1]) },
  ].flatMap(({ row, isLeft }) => {
    const left = lowering.op('Mul', [row, isLeft]);
    return [left, lowering.op('Sub', [row, left])];
  });
  const woven = weave(lowering, lowering.op('Concat', phases, { axis: 1 }), [n, c, 2 * h, 2 * w], 2);
  return {
    tensor: lowering.framed(woven, c, [0, 0, height - 2 * h, width - 2 * w]),
    means: { tensor: g, share: (h * w) / (height * width) },
  };
}

const maxPoolGradient: LoweringRule = {
  applies: isLowered,
  blocks: () => true,
  write(node, lowering) {
    const [, , g] = node.inputs;
    const term = isTwoByTwo(node)
      ? writeMaxPoolGradient(lowering, node, lowering.blocked(g))
      : writeOverlappingGradient(lowering, node);
    lowering.setForm(node.outputs[0], { terms: [term] });
  },
};

/** A blocked [N, C, 1, 1] is a plain one. */
const globalAveragePool: LoweringRule = {
  applies: blockedImage,
  blocks: () => false,
  write: (node, lowering) =>
    lowering.define(node.outputs[0], 'GlobalAveragePool', [lowering.blocked(node.inputs[0])], {}, BLOCKED_DOMAIN),
};

export const POOLING: Readonly<Record<string, LoweringRule>> = {
  MaxPool: maxPool,
  MaxPoolGradient: maxPoolGradient,
  GlobalAveragePool: globalAveragePool,
};
