import { floatOf, intOf } from '../../onnx/attributes.ts';
import { codeOf } from '../../onnx/element-type.ts';
import { expandGradient } from '../../gradients/expansions/expand.ts';
import { isTwoByTwo } from '../../gradients/expansions/max-pool.ts';
import { GRADIENT_DOMAIN, type Graph, type Node } from '../../onnx/graph.ts';
import { pruneGraph } from '../../onnx/prune.ts';
import { rewrite, type Rewriter, type Rule, type Written } from '../../onnx/rewriting/rewriter.ts';
import { weightGradient } from './weight-gradient.ts';

/**
 * Rewrites a training graph for a GPU: sums over images and places in two stages, batch normalisation by its formula
 * (ONNX Runtime's CUDA provider has it for inference alone), the gradient of a max-pool by masks, weight gradients as
 * batched matrix products. Standard operators and one of ONNX Runtime's own (FusedMatMul), so that it runs on the CPU
 * too.
 *
 * @param graph of static shapes
 */
export function accelerate(graph: Graph): Graph {
  const rule: Rule = (node, r) => {
    const isGradient = node.domain === GRADIENT_DOMAIN;
    const written = isGradient || node.domain === '' ? RULES.get(node.opType)?.(node, r) : undefined;
    return written ?? (isGradient ? expandGradient(node, r) : undefined);
  };
  return pruneGraph(rewrite(graph, rule, { names: 'outputs' }));
}

const RULES: ReadonlyMap<string, Rule> = new Map(
  Object.entries({
    ReduceMean: reduction,
    ReduceSum: reduction,
    BatchNormalization: batchNormalization,
    BatchNormalizationGradient: batchNormalizationGradient,
    Mul: product,
    MaxPoolGradient: maxPoolGradient,
    ConvWeightGradient: weightGradient,
  }),
);

/**
 * Over images, rows and columns of [N, C, H, W]: first over the places of each channel, which lie together, then over
 * the images.
 */
function reduction(node: Node, r: Rewriter): Written {
  const [x, axes] = node.inputs;
  const shape = r.source.shape(x);
  const result = r.source.shape(node.outputs[0]);
  if (shape?.length !== 4 || result === undefined || r.source.numbers(axes ?? '')?.join() !== '0,2,3') return undefined;
  return [r.reshape(overPlaces(r, node.opType, r.value(x), shape), result)];
}

/** @returns [C] */
function overPlaces(r: Rewriter, opType: string, x: string, [n, c, h, w]: readonly number[]): string {
  const rows = r.op(opType, [r.reshape(x, [n * c, h * w]), r.b.ints([1])], { keepdims: 0 });
  return r.op(opType, [r.reshape(rows, [n, c]), r.b.ints([0])], { keepdims: 0 });
}

/** An image x [N, C, H, W] as x̂ = (x − mean) · r, by the statistics of the batch. */
interface Standardized {
  readonly hat: string;
  /** r = 1/√(variance + ε), [1, C, 1, 1] */
  readonly inverse: string;
  /** [C] */
  readonly mean: string;
  readonly variance: string;
}

/** A norm and its gradient write the same, and so share it. */
function standardize(node: Node, r: Rewriter, shape: readonly number[]): Standardized {
  const x = r.value(node.inputs[0]);
  const each = [1, shape[1], 1, 1];
  const mean = overPlaces(r, 'ReduceMean', x, shape);
  const centred = r.op('Sub', [x, r.reshape(mean, each)]);
  const variance = overPlaces(r, 'ReduceMean', r.op('Mul', [centred, centred]), shape);
  const inverse = r.op('Reciprocal', [
    r.op('Sqrt', [r.op('Add', [r.reshape(variance, each), r.b.constant(floatOf(node, 'epsilon', 1e-5))])]),
  ]);
  return { hat: r.op('Mul', [centred, inverse]), inverse, mean, variance };
}

/** Times the scale of a norm. */
function timesScale(r: Rewriter, value: string, scale: string): string {
  return isOnes(r, scale) ? value : r.op('Mul', [value, r.reshape(r.value(scale), [-1, 1, 1])]);
}

function batchNormalization(node: Node, r: Rewriter): Written {
  const [x, scale, shift] = node.inputs;
  const shape = r.source.shape(x);
  if (intOf(node, 'training_mode', 0) !== 1 || shape?.length !== 4) return undefined;
  const { hat, mean, variance } = standardize(node, r, shape);
  return [r.op('Add', [timesScale(r, hat, scale), r.reshape(r.value(shift), [-1, 1, 1])]), mean, variance];
}

/** As gradients/expansions/batch-normalization.ts has it. */
function batchNormalizationGradient(node: Node, r: Rewriter): Written {
  const [x, scale, gradientOfOutput] = node.inputs;
  const shape = r.source.shape(x);
  if (shape?.length !== 4) return undefined;
  const { hat, inverse } = standardize(node, r, shape);
  const g = r.value(gradientOfOutput);
  const h = timesScale(r, g, scale);
  const mean = (value: string): string => r.reshape(overPlaces(r, 'ReduceMean', value, shape), [1, shape[1], 1, 1]);
  const slope = r.op('Mul', [hat, mean(r.op('Mul', [h, hat]))]);
  const dx = r.op('Mul', [inverse, r.op('Sub', [r.op('Sub', [h, mean(h)]), slope])]);
  return [dx, overPlaces(r, 'ReduceSum', r.op('Mul', [g, hat]), shape)];
}

/** A product with ones that changes nothing, not even the shape, is left out. */
function product(node: Node, r: Rewriter): Written {
  const shape = r.source.shape(node.outputs[0])?.join();
  const [a, b] = node.inputs;
  if (shape === undefined) return undefined;
  if (isOnes(r, b) && r.source.shape(a)?.join() === shape) return [r.value(a)];
  return isOnes(r, a) && r.source.shape(b)?.join() === shape ? [r.value(b)] : undefined;
}

function isOnes(r: Rewriter, name: string): boolean {
  const maker = r.source.maker(name);
  if (maker?.opType === 'Reshape') return isOnes(r, maker.inputs[0]);
  return r.source.numbers(name)?.every((value) => value === 1) ?? false;
}

/**
 * Of windows of 2×2 side by side, where standard operators scatter to the indices of the winners: the values that
 * attain the maximum are numbered backwards, and the first one has the highest number of its window. A last odd row or
 * column is in no window: it is cut off, and its gradient is zero.
 */
function maxPoolGradient(node: Node, r: Rewriter): Written {
  const [input, output, gradientOfOutput] = node.inputs;
  const [n, c, height, width] = r.source.shape(input) ?? [];
  if (n === undefined || !isTwoByTwo(node)) return undefined;
  const [rows, columns] = [Math.floor(height / 2), Math.floor(width / 2)];
  const [h, w] = [2 * rows, 2 * columns];
  const isCut = h !== height || w !== width;
  const whole = r.value(input);
  const x = isCut ? r.op('Slice', [whole, r.b.ints([0, 0]), r.b.ints([h, w]), r.b.ints([2, 3])]) : whole;
  const wide = [n * c, rows, 2, columns, 2];
  const narrow = [n * c, rows, 1, columns, 1];
  const reaches = (value: string, least: string): string =>
    r.op('Cast', [r.op('GreaterOrEqual', [value, r.reshape(least, narrow)])], { to: codeOf('float32') });
  const attains = reaches(r.reshape(x, wide), r.value(output));
  const numbered = r.op('Mul', [attains, r.b.constant([4, 3, 2, 1], [1, 1, 2, 1, 2])]);
  const highest = r.op('MaxPool', [r.reshape(numbered, [n, c, h, w])], { kernel_shape: [2, 2], strides: [2, 2] });
  const gradient = r.op('Mul', [reaches(numbered, highest), r.reshape(r.value(gradientOfOutput), narrow)]);
  const inside = r.reshape(gradient, [n, c, h, w]);
  if (!isCut) return [inside];
  return [r.op('Pad', [inside, r.b.ints([0, 0, 0, 0, 0, 0, height - h, width - w])])];
}
