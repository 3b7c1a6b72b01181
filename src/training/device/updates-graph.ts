import { GraphBuilder } from '../../onnx/builder.ts';
import type { Graph } from '../../onnx/graph.ts';
import { inline } from '../../onnx/inline.ts';
import type { Trainable } from '../network/trainable.ts';
import type { PixelAttack } from '../objectives/objective.ts';
import { arithmetic, type OptimizerGraph } from '../optimizers/optimizer.ts';
import { frozenGraph } from '../step/frozen-model.ts';
import { stepGraph, type PairTerm } from '../step/step-graph.ts';
import { withBatch } from '../step/with-batch.ts';
import { accelerate } from './accelerate.ts';
import { inlineHalf } from './half-precision.ts';
import { attackedImages } from './pixel-attack.ts';
import { layoutOf, renewed, stateName, stateTensors, type StateTensor } from './state-tensors.ts';
import type { Interpolation } from '../../transform/transformation.ts';
import { MAP_SIZE, warpGraph } from './warp-graph.ts';
import { worstMaps } from './worst-candidates.ts';

export interface UpdatesDescription {
  readonly network: Trainable;
  readonly pair?: PairTerm;
  /** Images of one update. */
  readonly batch: number;
  /** Whether the images as they are are trained on; where transformed ones are too, these come after them. */
  readonly natural: boolean;
  /** Random transformations of each image, the worst of which is trained on; 0: none. */
  readonly candidates: number;
  /** How transformed images are read. Default: bilinear. */
  readonly interpolation?: Interpolation;
  /**
   * Numbers in which the candidates' cross-entropies are computed; the worst one is trained on in float32 either way.
   * Default: float32.
   */
  readonly ranking?: 'float32' | 'float16';
  /** Moves the images before they are trained on. */
  readonly attack?: PixelAttack;
  readonly optimizer: OptimizerGraph;
  /** Weight decay of those parameters that decay. */
  readonly decay: number;
  /** Whether an average of the weights is kept. */
  readonly averaged: boolean;
  /** Share of the old running statistics that a batch leaves. */
  readonly statisticsMemory: number;
}

/** Numbers of each update, in the order in which `scalars` holds them. */
export const SCALARS = ['rate', 'averaging', 'correction1', 'correction2'] as const;

/** Rows that a step of it trains on. */
export function rowsOf({
  batch,
  natural,
  candidates,
}: Pick<UpdatesDescription, 'batch' | 'natural' | 'candidates'>): number {
  return batch * ((natural ? 1 : 0) + (candidates > 0 ? 1 : 0));
}

/**
 * Many updates as one graph, a loop whose state (weights, statistics, the optimizer's memory, averages) stays where it
 * runs: choice of the worst candidates, step, optimizer and averages.
 *
 * In: `count`, an int64; the state, tensor by tensor, under the names of `stateTensors`; by update, along the first
 * axis: `images` [·, batch, channels, height, width], `targets` [·, rows, classes], `scalars` [·, 4], with candidates
 * `maps` [·, batch, k, 6] (see `writeMap`), with more than one `labels` [·, batch, classes], one at the label; with an
 * attack `labels` too, and `starts`, where it begins, of the images' shape.
 * Out: the state as it is then, under `renewed` names; `losses` [count].
 *
 * Tensors stand by themselves, not in flat vectors: ONNX Runtime's CUDA provider cuts and joins long vectors by way of
 * the host.
 */
export function updatesGraph(description: UpdatesDescription): Graph {
  const { network, batch, candidates, optimizer, averaged } = description;
  const {
    shape: { channels, height, width },
    classes,
  } = network;
  const b = new GraphBuilder('updates');
  const count = b.input('count', 'int64', []);
  const state = stateTensors(network, optimizer, averaged);
  for (const { name, dims } of state) b.input(name, 'float32', dims);
  // What the loop takes from around it is made by an operator, hence on the device, before the loop, not handed over in
  // each round.
  const given = (name: string, ...dims: number[]): string =>
    b.op('Max', [b.input(name, 'float32', ['updates', ...dims]), b.constant(LOWEST)]);
  const byUpdate: ByUpdate = {
    images: given('images', batch, channels, height, width),
    targets: given('targets', rowsOf(description), classes),
    scalars: given('scalars', SCALARS.length),
    maps: candidates > 0 ? given('maps', batch, candidates, MAP_SIZE) : '',
    labels: needsLabels(description) ? given('labels', batch, classes) : '',
    starts: description.attack === undefined ? '' : given('starts', batch, channels, height, width),
  };
  const body = updateGraph(description, state, byUpdate);
  b.node('Loop', [count, '', ...state.map(({ name }) => name)], [...state.map(({ name }) => renewed(name)), 'losses'], {
    body: { kind: 'graph', value: body },
  });
  for (const { name, dims } of state) b.output(renewed(name), 'float32', dims);
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

/** The loop's body: one update. */
function updateGraph(description: UpdatesDescription, state: readonly StateTensor[], byUpdate: ByUpdate): Graph {
  const { network, pair, natural, candidates, ranking, attack, optimizer, decay, averaged, statisticsMemory } =
    description;
  const { layout, statistics } = network;
  const b = new GraphBuilder('update', 'update:');
  const number = b.input('update:number', 'int64', []);
  const condition = b.input('update:condition', 'bool', []);
  for (const { name, dims } of state) b.input(`update:${name}`, 'float32', dims);
  const old = (vector: string, slot: string): string => `update:${stateName(vector, slot)}`;
  const tensorsOf = (vector: string): Record<string, string> =>
    Object.fromEntries(layoutOf(network, vector).slots.map(({ name }) => [name, old(vector, name)]));
  const own = (what: keyof ByUpdate): string => b.op('Gather', [byUpdate[what], number], { axis: 0 });
  const row = own('scalars');
  const scalars = Object.fromEntries(
    SCALARS.map((name, i) => [name, b.op('Gather', [row, b.ints(i)], { axis: 0 })]),
  ) as Record<(typeof SCALARS)[number], string>;

  const parameters = tensorsOf('parameters');
  const images = own('images');
  const frozenTensors = { ...parameters, ...tensorsOf('statistics') };
  const inputs = natural
    ? [
        attack === undefined
          ? images
          : attackedImages(b, description, attack, images, own('starts'), own('labels'), frozenTensors),
      ]
    : [];
  if (candidates > 0) {
    const maps = own('maps');
    const write = ranking === 'float16' ? inlineHalf : inline;
    const frozen = (input: string): string => write(b, frozenGraph(network), 'frozen/', { ...frozenTensors, input })[0];
    const chosen = candidates === 1 ? maps : worstMaps(b, description, images, maps, own('labels'), frozen);
    inputs.push(warpGraph(b, images, chosen, network.shape, description.interpolation));
  }

  const { graph, gradients } = stepGraph(network, pair);
  const step = accelerate(withBatch(graph, rowsOf(description)));
  const input = inputs.length === 1 ? inputs[0] : b.op('Concat', inputs, { axis: 0 });
  const values = inline(b, step, 'step/', { ...parameters, input, targets: own('targets') });
  const output = new Map(step.outputs.map(({ name }, i) => [name, values[i]]));

  const { add, sub, mul } = arithmetic(b);
  const next = new Map<string, string>();
  layout.slots.forEach(({ name }, i) => {
    const memories = Array.from({ length: optimizer.memories }, (_, m) => `memory ${m}`);
    const moved = optimizer.update(b, {
      parameters: old('parameters', name),
      gradient: output.get(gradients.get(name) as string) as string,
      memories: memories.map((vector) => old(vector, name)),
      decay: network.parameters[i].decays ? decay : 0,
      scale: network.parameters[i].scale ?? 1,
      ...scalars,
    });
    next.set(stateName('parameters', name), moved.parameters);
    memories.forEach((vector, m) => next.set(stateName(vector, name), moved.memories[m]));
  });
  for (const { name } of statistics.slots) {
    next.set(
      stateName('statistics', name),
      add(mul(old('statistics', name), statisticsMemory), mul(output.get(name) as string, 1 - statisticsMemory)),
    );
  }
  for (const vector of averaged ? ['parameters', 'statistics'] : []) {
    for (const { name } of layoutOf(network, vector).slots) {
      const average = old(`averaged ${vector}`, name);
      next.set(
        stateName(`averaged ${vector}`, name),
        add(average, mul(scalars.averaging, sub(next.get(stateName(vector, name)) as string, average))),
      );
    }
  }
  b.outputAs('update:go on', condition, 'bool', []);
  for (const { name, dims } of state) b.outputAs(`update:new ${name}`, next.get(name) as string, 'float32', dims);
  b.outputAs('update:loss', output.get('loss') as string, 'float32', []);
  return b.build();
}
