import { intOf, intsOf } from './attributes.ts';
import { foldConstants } from './fold.ts';
import type { Dimension, Graph, Model, Node, ValueInfo } from './graph.ts';
import { imagesStayApart } from './images-apart.ts';
import { inferAll, inferShapes } from './infer.ts';
import { fromFront } from './inference/dimension.ts';
import { valuesReadBy } from './prune.ts';
import { rewrite, type Rewriter } from './rewriting/rewriter.ts';
import { toWorkingOpset } from './upgrade.ts';

/**
 * A model that takes any number of images, made from one whose inputs have a fixed batch size: the first dimension
 * becomes a symbol, and constants in which the size was written down (shapes given to Reshape, Expand and Resize,
 * tokens joined by Concat) are rewritten. Brought to the working opset on the way.
 *
 * @returns the model itself where its batch is free already; undefined where it cannot be proved that every image is
 *   computed as it was, apart from the others
 */
export function freeBatch(model: Model): Model | undefined {
  const batch = model.graph.inputs[0]?.shape?.[0];
  if (typeof batch !== 'number') return model.graph.inputs[0]?.shape === undefined ? undefined : model;
  if (model.graph.inputs.some((info) => info.shape?.[0] !== batch)) return undefined;
  const upgraded = toWorkingOpset(model);
  const symbol = freeSymbol(upgraded.graph);
  const rewritten = withoutBatchSize(upgraded.graph, batch);
  const inputs = rewritten.inputs.map((info): ValueInfo => ({ ...info, shape: [symbol, ...info.shape!.slice(1)] }));
  const freed: Graph = {
    ...rewritten,
    inputs,
    outputs: rewritten.outputs.map(({ name, type }) => ({ name, type })),
    valueInfo: new Map(),
  };
  const { infos } = inferAll(freed);
  if (
    !freed.nodes.every((node) => imagesStayApart(node, (value) => infos.get(value)?.shape, symbol, freed.initializers))
  )
    return undefined;
  const outputs = freed.outputs.map((info) => infos.get(info.name) ?? info);
  if (outputs.some((info) => info.shape?.[0] !== symbol)) return undefined;
  return { ...upgraded, graph: foldConstants({ ...freed, outputs }) };
}

function freeSymbol(graph: Graph): string {
  const taken = new Set<Dimension>([...inferShapes(graph).values()].flatMap((info) => info.shape ?? []));
  let symbol = 'batch';
  while (taken.has(symbol)) symbol += '_';
  return symbol;
}

/** The same graph with constants that name the batch size replaced by ones that do not. */
function withoutBatchSize(graph: Graph, batch: number): Graph {
  const fed = new Set(graph.inputs.map((info) => info.name));
  return rewrite(graph, (node, r) => {
    if (!valuesReadBy(node).some((name) => fed.has(name)) || node.opType === 'Shape' || node.opType === 'Size')
      return undefined;
    for (const name of node.outputs) fed.add(name);
    const changed = CHANGES.get(node.opType)?.({ node, r, batch, fed });
    if (changed === undefined) return undefined;
    r.b.add(changed);
    return node.outputs;
  });
}

interface Place {
  readonly node: Node;
  readonly r: Rewriter;
  readonly batch: number;
  /** Values that depend on the images. */
  readonly fed: ReadonlySet<string>;
}

/** The node that stands for one, or undefined where it stays as it is. Shapes still have the batch size fixed. */
type Change = (place: Place) => Node | undefined;

const CHANGES: ReadonlyMap<string, Change> = new Map(
  Object.entries({
    Reshape: reshape,
    Expand: expand,
    Resize: resize,
    Concat: concat,
  }),
);

/** The images lie one after another, so that the first dimension may be left to be computed from the others. */
function reshape({ node, r: { b, source } }: Place): Node | undefined {
  const target = source.numbers(node.inputs[1]);
  const rest = source.info(node.outputs[0])?.shape?.slice(1);
  if (target === undefined || target[0] <= 0 || rest === undefined) return undefined;
  const known = rest.every((dim) => typeof dim === 'number');
  return { ...node, inputs: [node.inputs[0], b.ints(known ? [-1, ...rest] : [0, ...target.slice(1)])] };
}

/** Expanding to 1 leaves a dimension as it is. */
function expand({ node, r: { b, source }, batch }: Place): Node | undefined {
  const target = source.numbers(node.inputs[1]);
  const x = source.info(node.inputs[0])?.shape;
  if (target === undefined || x?.[0] !== batch || target.length !== x.length) return undefined;
  return { ...node, inputs: [node.inputs[0], b.ints([1, ...target.slice(1)])] };
}

/** Sizes for all axes become sizes for all but the first. */
function resize({ node, r: { b, source } }: Place): Node | undefined {
  const sizes = source.numbers(node.inputs[3] ?? '');
  if (sizes === undefined || intsOf(node, 'axes') !== undefined) return undefined;
  const attributes = new Map(node.attributes).set('axes', { kind: 'ints', value: sizes.slice(1).map((_, i) => i + 1) });
  return { ...node, inputs: [...node.inputs.slice(0, 3), b.ints(sizes.slice(1))], attributes };
}

/** What is joined to each image (a class token) is repeated for all of them. */
function concat({ node, r: { b, source }, batch, fed }: Place): Node | undefined {
  const image = node.inputs.find((name) => fed.has(name))!;
  const rank = source.info(image)?.shape?.length ?? 0;
  if (batch !== 1 || fromFront(intOf(node, 'axis', 1), rank) === 0) return undefined;
  const inputs = node.inputs.map((name) => {
    if (fed.has(name) || source.info(name)?.shape?.[0] !== 1) return name;
    const size = b.op(
      'Concat',
      [b.op('Shape', [image], { start: 0, end: 1 }), b.ints(new Array<number>(rank - 1).fill(1))],
      { axis: 0 },
    );
    return b.op('Expand', [name, size]);
  });
  return { ...node, inputs };
}
