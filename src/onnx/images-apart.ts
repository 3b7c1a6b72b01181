import { intOf, intsOf } from './attributes.ts';
import type { Dimension, Node, TensorValue } from './graph.ts';
import { ELEMENTWISE_RULES } from './inference/elementwise.ts';
import { fromFront } from './inference/dimension.ts';
import { numbersOf } from './tensor.ts';

type Shape = readonly Dimension[];

/** What the rules below look at: a node, one input of it that holds images, and along which axis they lie. */
interface Look {
  readonly node: Node;
  readonly input: number;
  readonly shape: Shape;
  readonly axis: number;
  /** A constant input as numbers. */
  readonly numbers: (input: number) => number[] | undefined;
}

/** Tells that the node works on each image alone, given that its output has one axis for the images. */
type Rule = (look: Look) => boolean;

const always: Rule = () => true;

/** Images along the first axis of the first input, weights elsewhere. */
const leading: Rule = ({ input, axis }) => input === 0 && axis === 0;

/** The node works along the axes that the function names; undefined: unknown. */
function along(axesOf: (look: Look) => readonly number[] | undefined): Rule {
  return (look) => {
    const axes = axesOf(look);
    return axes !== undefined && !axes.map((axis) => fromFront(axis, look.shape.length)).includes(look.axis);
  };
}

const oneAxis = (otherwise: number) => along(({ node }) => [intOf(node, 'axis', otherwise)]);

const all = (shape: Shape) => shape.map((_, axis) => axis);

const reduction = along(({ node, shape, numbers }) => {
  const axes = (node.inputs[1] ?? '') === '' ? [] : numbers(1);
  return axes?.length === 0 ? (intOf(node, 'noop_with_empty_axes', 0) === 0 ? all(shape) : []) : axes;
});

const slice = along(({ node, numbers }) =>
  (node.inputs[3] ?? '') === '' ? numbers(1)?.map((_, axis) => axis) : numbers(3),
);

const pad = along(({ node, shape, numbers }) => {
  const axes = (node.inputs[3] ?? '') === '' ? all(shape) : numbers(3);
  const pads = numbers(1);
  return pads && axes?.filter((_, i) => pads[i] !== 0 || pads[i + axes.length] !== 0);
});

const resize = along(
  ({ node, shape, numbers }) =>
    intsOf(node, 'axes') ?? numbers(2)?.flatMap((scale, axis) => (scale === 1 ? [] : [axis])) ?? all(shape),
);

const matmul: Rule = ({ input, shape, axis }) => shape.length > 1 && axis !== shape.length - (input === 0 ? 1 : 2);

const gemm: Rule = ({ node, input, axis }) => input === 0 && axis === intOf(node, 'transA', 0);

/** Rows of whole images stay together where the images come first, before and (as the caller sees to) after. */
const reshape: Rule = leading;

const flatten: Rule = (look) => leading(look) && fromFront(intOf(look.node, 'axis', 1), look.shape.length) > 0;

const batchNormalization: Rule = (look) => leading(look) && intOf(look.node, 'training_mode', 0) === 0;

const LEADING = [
  'Conv',
  'ConvInteger',
  'ConvTranspose',
  'MaxPool',
  'AveragePool',
  'LpPool',
  'GlobalAveragePool',
  'GlobalMaxPool',
  'GlobalLpPool',
  'InstanceNormalization',
  'GroupNormalization',
  'LRN',
  'DepthToSpace',
  'SpaceToDepth',
];
const REDUCTIONS = ['L1', 'L2', 'LogSum', 'LogSumExp', 'Max', 'Mean', 'Min', 'Prod', 'Sum', 'SumSquare'].map(
  (name) => `Reduce${name}`,
);

/** Among the operators whose shape rule is that of elementwise ones, those that are not. */
const NOT_ELEMENTWISE = new Set([
  'CumSum',
  'ScatterElements',
  'ScatterND',
  'ReverseSequence',
  'Trilu',
  'EyeLike',
  'Constant',
  'DynamicQuantizeLinear',
]);

const RULES: ReadonlyMap<string, Rule> = new Map(
  Object.entries({
    ...Object.fromEntries(
      Object.keys(ELEMENTWISE_RULES)
        .filter((name) => !NOT_ELEMENTWISE.has(name))
        .map((name) => [name, always]),
    ),
    ...Object.fromEntries(LEADING.map((name) => [name, leading])),
    ...Object.fromEntries(REDUCTIONS.map((name) => [name, reduction])),
    Softmax: oneAxis(-1),
    LogSoftmax: oneAxis(-1),
    Hardmax: oneAxis(-1),
    LpNormalization: oneAxis(-1),
    ArgMax: oneAxis(0),
    ArgMin: oneAxis(0),
    TopK: oneAxis(-1),
    Split: oneAxis(0),
    Concat: oneAxis(0),
    // Indices that come from images look up rows of a table.
    Gather: (look) => look.input === 1 || oneAxis(0)(look),
    LayerNormalization: along(({ node, shape }) => all(shape).slice(fromFront(intOf(node, 'axis', -1), shape.length))),
    Slice: slice,
    Pad: pad,
    Resize: resize,
    MatMul: matmul,
    Gemm: gemm,
    Reshape: reshape,
    Flatten: flatten,
    BatchNormalization: batchNormalization,
    Transpose: always,
    Squeeze: always,
    Unsqueeze: always,
    Expand: always,
    Shape: always,
    Size: always,
  }),
);

/**
 * Whether a node, written in the working opset, computes for each image what it would for that image alone. Images are
 * told by their axis, whose size is the symbol of the batch (or a multiple of it, where rows of all images are joined).
 * False where no rule proves it.
 */
export function imagesStayApart(
  node: Node,
  shapeOf: (value: string) => Shape | undefined,
  symbol: string,
  initializers: ReadonlyMap<string, TensorValue>,
): boolean {
  const shapes = node.inputs.map((name) => (name === '' ? undefined : shapeOf(name)));
  const holding = shapes.flatMap((shape, input) => (shape?.some((dim) => mentions(dim, symbol)) ? [input] : []));
  // An input of unknown shape, or one of inner graphs, may hold images too.
  if (
    node.inputs.some((name, i) => name !== '' && shapes[i] === undefined) ||
    [...node.attributes.values()].some(({ kind }) => kind === 'graph')
  )
    return false;
  if (holding.length === 0) return true;
  const rule = node.domain === '' ? RULES.get(node.opType) : undefined;
  if (rule === undefined) return false;
  const numbers = (input: number) => {
    const tensor = initializers.get(node.inputs[input]);
    return tensor && numbersOf(tensor);
  };
  const obeys = holding.every((input) => {
    const axis = imageAxis(shapes[input]!, symbol);
    return axis !== undefined && rule({ node, input, shape: shapes[input]!, axis, numbers });
  });
  if (!obeys || node.opType === 'Shape' || node.opType === 'Size') return obeys;
  const results = node.outputs.filter((name) => name !== '').map((name) => imageAxis(shapeOf(name) ?? [], symbol));
  return results.every((axis) => axis !== undefined && (node.opType !== 'Reshape' || axis === 0));
}

function mentions(dimension: Dimension, symbol: string): boolean {
  return typeof dimension === 'string' && dimension.includes(symbol);
}

/** The one axis whose size is the batch or a multiple of it; undefined where there is none or another mention. */
function imageAxis(shape: Shape, symbol: string): number | undefined {
  const axes = shape.flatMap((dim, axis) => (mentions(dim, symbol) ? [axis] : []));
  if (axes.length !== 1) return undefined;
  const multiple = String(shape[axes[0]]).split('*');
  return multiple.at(-1) === symbol && multiple.slice(0, -1).every((factor) => /^\d+$/.test(factor))
    ? axes[0]
    : undefined;
}
