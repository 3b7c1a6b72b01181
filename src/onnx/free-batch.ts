import { intOf, intsOf } from './attributes.ts';
import { GraphBuilder } from './builder.ts';
import { foldConstants } from './fold.ts';
import type { Dimension, Graph, Model, Node, ValueInfo } from './graph.ts';
import { imagesStayApart } from './images-apart.ts';
import { inferAll, inferShapes } from './infer.ts';
import { fromFront } from './inference/dimension.ts';
import { valuesReadBy } from './prune.ts';
import { numbersOf } from './tensor.ts';
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
  const builder = GraphBuilder.rewriting(graph);
  const infos = inferShapes(graph);
  const fed = new Set(graph.inputs.map((info) => info.name));
  for (const node of graph.nodes) {
    if (!valuesReadBy(node).some((name) => fed.has(name)) || node.opType === 'Shape' || node.opType === 'Size') {
      builder.add(node);
      continue;
    }
    for (const name of node.outputs) fed.add(name);
    const rewrite = REWRITES.get(node.opType);
    if (rewrite === undefined) builder.add(node);
    else rewrite({ node, builder, batch, fed, shape: (value) => infos.get(value)?.shape });
  }
  return builder.build();
}

interface Place {
  readonly node: Node;
  readonly builder: GraphBuilder;
  readonly batch: number;
  /** Values that depend on the images. */
  readonly fed: ReadonlySet<string>;
  /** Shapes with the batch size still fixed. */
  readonly shape: (value: string) => readonly Dimension[] | undefined;
}

const REWRITES: ReadonlyMap<string, (place: Place) => void> = new Map(
  Object.entries({
    Reshape: reshape,
    Expand: expand,
    Resize: resize,
    Concat: concat,
  }),
);

function constantInts(builder: GraphBuilder, name: string | undefined): number[] | undefined {
  const tensor = name === undefined ? undefined : builder.initializerValue(name);
  return tensor === undefined ? undefined : numbersOf(tensor);
}

/** The images lie one after another, so that the first dimension may be left to be computed from the others. */
function reshape({ node, builder, shape }: Place): void {
  const target = constantInts(builder, node.inputs[1]);
  const rest = shape(node.outputs[0])?.slice(1);
  if (target === undefined || target[0] <= 0 || rest === undefined) return builder.add(node);
  const known = rest.every((dim) => typeof dim === 'number');
  builder.add({ ...node, inputs: [node.inputs[0], builder.ints(known ? [-1, ...rest] : [0, ...target.slice(1)])] });
}

/** Expanding to 1 leaves a dimension as it is. */
function expand({ node, builder, batch, shape }: Place): void {
  const target = constantInts(builder, node.inputs[1]);
  const x = shape(node.inputs[0]);
  if (target === undefined || x?.[0] !== batch || target.length !== x.length) return builder.add(node);
  builder.add({ ...node, inputs: [node.inputs[0], builder.ints([1, ...target.slice(1)])] });
}

/** Sizes for all axes become sizes for all but the first. */
function resize({ node, builder }: Place): void {
  const sizes = constantInts(builder, node.inputs[3]);
  if (sizes === undefined || intsOf(node, 'axes') !== undefined) return builder.add(node);
  const attributes = new Map(node.attributes).set('axes', { kind: 'ints', value: sizes.slice(1).map((_, i) => i + 1) });
  builder.add({ ...node, inputs: [...node.inputs.slice(0, 3), builder.ints(sizes.slice(1))], attributes });
}

/** What is joined to each image (a class token) is repeated for all of them. */
function concat({ node, builder, batch, fed, shape }: Place): void {
  const image = node.inputs.find((name) => fed.has(name))!;
  const rank = shape(image)?.length ?? 0;
  if (batch !== 1 || fromFront(intOf(node, 'axis', 1), rank) === 0) return builder.add(node);
  const inputs = node.inputs.map((name) => {
    if (fed.has(name) || shape(name)?.[0] !== 1) return name;
    const size = builder.op(
      'Concat',
      [builder.op('Shape', [image], { start: 0, end: 1 }), builder.ints(new Array<number>(rank - 1).fill(1))],
      { axis: 0 },
    );
    return builder.op('Expand', [name, size]);
  });
  builder.add({ ...node, inputs });
}
