import { GraphBuilder } from '../../onnx/builder.ts';
import type { Graph } from '../../onnx/graph.ts';
import { inline } from '../export/inline.ts';
import type { Network } from '../network/network.ts';
import type { Layout } from '../network/parameters.ts';
import type { DecayRange } from '../optimizers/optimizer.ts';
import type { OptimizerGraph } from '../optimizers/optimizer.ts';
import type { PixelAttack } from '../objectives/objective.ts';
import { frozenGraph, gradientGraph } from '../step/frozen-model.ts';
import { pruneGraph } from '../../onnx/prune.ts';
import { stepGraph, type PairTerm } from '../step/step-graph.ts';
import { withBatch } from '../step/with-batch.ts';
import { accelerate } from './accelerate.ts';
import { MAP_SIZE, warpGraph } from './warp-graph.ts';

export interface UpdatesDescription {
  readonly network: Network;
  readonly pair?: PairTerm;
  /** Images of one update. */
  readonly batch: number;
  /** Whether the images as they are are trained on; where transformed ones are too, these come after them. */
  readonly natural: boolean;
  /** Random transformations of each image, the worst of which is trained on; 0: none. */
  readonly candidates: number;
  /** Moves the images before they are trained on. */
  readonly attack?: PixelAttack;
  readonly optimizer: OptimizerGraph;
  readonly ranges: readonly DecayRange[];
  /** Whether an average of the weights is kept. */
  readonly averaged: boolean;
  /** Share of the old running statistics that a batch leaves. */
  readonly statisticsMemory: number;
}

/** Numbers of each update, in the order in which `scalars` holds them. */
export const SCALARS = ['rate', 'averaging', 'correction1', 'correction2'] as const;

/** Rows that a step of it trains on. */
export function rowsOf({ batch, natural, candidates }: Pick<UpdatesDescription, 'batch' | 'natural' | 'candidates'>): number {
  return batch * ((natural ? 1 : 0) + (candidates > 0 ? 1 : 0));
}

/**
 * Many updates as one graph, a loop whose state (weights, statistics, the optimizer's memory, averages) stays where it runs: choice of
 * the worst candidates, step, optimizer and averages.
 *
 * In: `count`, an int64; the state's flat vectors by their names in a checkpoint; by update, along the first axis: `images`
 * [·, batch, channels, height, width], `targets` [·, rows, classes], `scalars` [·, 4], with candidates `maps` [·, batch, k, 6] (see
 * `writeMap`), with more than one `labels` [·, batch, classes], one at the label;
 * with an attack `labels` too, and `starts`, where it begins, of the images' shape.
 * Out: the state as it is then, under `new ` and its name; `losses` [count].
 */
export function updatesGraph(description: UpdatesDescription): Graph {
  const { network, batch, candidates, optimizer, averaged } = description;
  const { shape: { channels, height, width }, classes } = network.description;
  const b = new GraphBuilder('updates');
  const count = b.input('count', 'int64', []);
  const state = stateNames(optimizer, averaged).map((name) => b.input(name, 'float32', [sizeOf(network, name)]));
  // What the loop takes from around it is made by an operator, hence on the device, before the loop, not handed over in each round.
  const given = (name: string, ...dims: number[]): string => b.op('Max', [b.input(name, 'float32', ['updates', ...dims]), b.constant(LOWEST)]);
  const byUpdate: ByUpdate = {
    images: given('images', batch, channels, height, width),
    targets: given('targets', rowsOf(description), classes),
    scalars: given('scalars', SCALARS.length),
    maps: candidates > 0 ? given('maps', batch, candidates, MAP_SIZE) : '',
    labels: needsLabels(description) ? given('labels', batch, classes) : '',
    starts: description.attack === undefined ? '' : given('starts', batch, channels, height, width),
  };
  const body = updateGraph(description, state, byUpdate);
  b.node('Loop', [count, '', ...state], [...state.map(renewed), 'losses'], { body: { kind: 'graph', value: body } });
  for (const name of state) b.output(renewed(name), 'float32', [sizeOf(network, name)]);
  b.output('losses', 'float32', ['updates']);
  return b.build();
}

/** Below every finite float32. */
const LOWEST = -3.4e38;

/** Values with one entry for each update along the first axis. */
interface ByUpdate {
  readonly images: string;
  readonly targets: string;
  readonly scalars: string;
  /** '': there are none. */
  readonly maps: string;
  readonly labels: string;
  readonly starts: string;
}

/** Whether the one class of each image is asked for. */
export function needsLabels({ candidates, attack }: Pick<UpdatesDescription, 'candidates' | 'attack'>): boolean {
  return candidates > 1 || attack !== undefined;
}

/** Name of the output that holds a vector of the state after the updates. */
export function renewed(name: string): string {
  return `new ${name}`;
}

function stateNames(optimizer: OptimizerGraph, averaged: boolean): string[] {
  return [
    'parameters', 'statistics',
    ...Array.from({ length: optimizer.memories }, (_, i) => `memory ${i}`),
    ...(averaged ? ['averaged parameters', 'averaged statistics'] : []),
  ];
}

function sizeOf(network: Network, name: string): number {
  return name.endsWith('statistics') ? network.statistics.total : network.layout.total;
}

/** The loop's body: one update. */
function updateGraph(description: UpdatesDescription, state: readonly string[], byUpdate: ByUpdate): Graph {
  const { network, pair, natural, candidates, attack, optimizer, ranges, averaged, statisticsMemory } = description;
  const { layout, statistics } = network;
  const b = new GraphBuilder('update', 'update:');
  const number = b.input('update:number', 'int64', []);
  const condition = b.input('update:condition', 'bool', []);
  const old = Object.fromEntries(state.map((name) => [name, b.input(`update:${name}`, 'float32', [sizeOf(network, name)])]));
  const own = (what: keyof ByUpdate): string => b.op('Gather', [byUpdate[what], number], { axis: 0 });
  const row = own('scalars');
  const scalars = Object.fromEntries(SCALARS.map((name, i) => [name, b.op('Gather', [row, b.ints(i)], { axis: 0 })])) as Record<(typeof SCALARS)[number], string>;

  const parameters = tensorsOf(b, layout, old.parameters);
  const images = own('images');
  const frozenTensors = { ...parameters, ...tensorsOf(b, statistics, old.statistics) };
  const inputs = natural ? [attack === undefined ? images : attacked(b, description, attack, images, own('starts'), own('labels'), frozenTensors)] : [];
  if (candidates > 0) {
    const maps = own('maps');
    const frozen = (input: string): string => inline(b, frozenGraph(network), 'frozen/', { ...frozenTensors, input })[0];
    const chosen = candidates === 1 ? maps : worstMaps(b, description, images, maps, own('labels'), frozen);
    inputs.push(warpGraph(b, images, chosen, network.description.shape));
  }

  const { graph, gradients } = stepGraph(network, pair);
  const step = accelerate(withBatch(graph, rowsOf(description)));
  const input = inputs.length === 1 ? inputs[0] : b.op('Concat', inputs, { axis: 0 });
  const values = inline(b, step, 'step/', { ...parameters, input, targets: own('targets') });
  const output = new Map(step.outputs.map(({ name }, i) => [name, values[i]]));
  const flat = (names: readonly string[]): string => b.op('Concat', names.map((name) => b.op('Reshape', [output.get(name) as string, b.ints([-1])])), { axis: 0 });

  const memories = Array.from({ length: optimizer.memories }, (_, i) => old[`memory ${i}`]);
  const gradient = flat(layout.slots.map(({ name }) => gradients.get(name) as string));
  const decay = b.op('Concat', ranges.map((range) => b.op('Expand', [b.constant([range.decay]), b.ints([range.end - range.start])])), { axis: 0 });
  const moved = optimizer.update(b, { parameters: old.parameters, gradient, memories, decay, ...scalars });
  const mixed = (a: string, share: number, c: string, other: number): string => b.op('Add', [b.op('Mul', [a, b.constant(share)]), b.op('Mul', [c, b.constant(other)])]);
  const observed = mixed(old.statistics, statisticsMemory, flat(statistics.slots.map(({ name }) => name)), 1 - statisticsMemory);
  const average = (name: string, value: string): string => b.op('Add', [old[name], b.op('Mul', [scalars.averaging, b.op('Sub', [value, old[name]])])]);
  const next = [
    moved.parameters, observed, ...moved.memories,
    ...(averaged ? [average('averaged parameters', moved.parameters), average('averaged statistics', observed)] : []),
  ];
  b.outputAs('update:go on', condition, 'bool', []);
  state.forEach((name, i) => b.outputAs(`update:new ${name}`, next[i], 'float32', [sizeOf(network, name)]));
  b.outputAs('update:loss', output.get('loss') as string, 'float32', []);
  return b.build();
}

/** The tensors of a flat vector, by name. */
function tensorsOf(b: GraphBuilder, layout: Layout, vector: string): Record<string, string> {
  const { slots } = layout;
  const pieces = slots.length === 1 ? [vector] : b.ops('Split', [vector, b.ints(slots.map(({ size }) => size))], slots.length, { axis: 0 });
  return Object.fromEntries(slots.map(({ name, dims }, i) => [name, dims.length === 1 ? pieces[i] : b.op('Reshape', [pieces[i], b.ints(dims)])]));
}

/** What being wrong adds to the cross-entropy: more than one is in any training that goes well, little enough for float32 to tell candidates apart. */
const WRONG = 1000;

/**
 * The worst of each image's candidates: a misclassified one beats every correct one, then the higher cross-entropy wins, ties to
 * the earlier one.
 * @param maps [batch, k, 6] @param labels [batch, classes] @returns [batch, 1, 6]
 */
function worstMaps(
  b: GraphBuilder, { network, batch, candidates }: UpdatesDescription, images: string, maps: string, labels: string, frozen: (input: string) => string,
): string {
  const { shape, classes } = network.description;
  const dims = [shape.channels, shape.height, shape.width];
  const each = b.op('Expand', [b.op('Reshape', [images, b.ints([batch, 1, ...dims])]), b.ints([batch, candidates, ...dims])]);
  const logits = frozen(warpGraph(b, b.op('Reshape', [each, b.ints([-1, ...dims])]), maps, shape));
  const apart = (x: string): string => b.op('Reshape', [x, b.ints([batch, candidates, classes])]);
  const atLabel = (x: string): string => b.op('ReduceSum', [b.op('Mul', [x, b.op('Reshape', [labels, b.ints([batch, 1, classes])])]), b.ints([2])], { keepdims: 0 });
  const scores = apart(logits);
  const loss = b.op('Neg', [atLabel(apart(b.op('LogSoftmax', [logits], { axis: 1 })))]);
  const wrong = b.op('Cast', [b.op('Less', [atLabel(scores), b.op('ReduceMax', [scores, b.ints([2])], { keepdims: 0 })])], { to: 1 });
  const badness = b.op('Add', [loss, b.op('Mul', [wrong, b.constant(WRONG)])]);
  const [, worst] = b.ops('TopK', [badness, b.ints([1])], 2, { axis: 1 });
  const places = b.op('Expand', [b.op('Reshape', [worst, b.ints([batch, 1, 1])]), b.ints([batch, 1, MAP_SIZE])]);
  return b.op('GatherElements', [maps, places], { axis: 1 });
}

/** Projected gradient ascent in pixels on the network in inference mode. @param starts where it begins @returns the images' shape */
function attacked(
  b: GraphBuilder, { network, batch }: UpdatesDescription, { epsilon, steps, stepSize }: PixelAttack, images: string, starts: string, labels: string, tensors: Record<string, string>,
): string {
  const { graph, gradients } = gradientGraph(network);
  const slope = accelerate(withBatch(pruneGraph(graph, [gradients.get('input') as string]), batch));
  const low = b.op('Max', [b.op('Sub', [images, b.constant(epsilon)]), b.constant(0)]);
  const high = b.op('Min', [b.op('Add', [images, b.constant(epsilon)]), b.constant(1)]);
  let x = starts;
  for (let step = 0; step < steps; step++) {
    const [byPixel] = inline(b, slope, `attack ${step}/`, { ...tensors, input: x, targets: labels });
    const moved = b.op('Add', [x, b.op('Mul', [b.op('Sign', [byPixel]), b.constant(stepSize)])]);
    x = b.op('Min', [b.op('Max', [moved, low]), high]);
  }
  return x;
}
