import { describe, expect, it } from 'vitest';
import type { TensorValue } from '../../onnx/graph.ts';
import { tensorFrom } from '../../onnx/tensor.ts';
import { denseNetwork } from '../../testing/dense-network.ts';
import { runGraph } from '../../testing/run-graph.ts';
import { IDENTITY } from '../../transform/transformation.ts';
import { sgdGraph } from '../optimizers/sgd.ts';
import { renewed } from './state-tensors.ts';
import { needsLabels, rowsOf, SCALARS, updatesGraph, type UpdatesDescription } from './updates-graph.ts';
import { MAP_SIZE, writeMap } from './warp-graph.ts';

const shape = { channels: 1, height: 1, width: 2 };
const network = denseNetwork(shape, 2);
const plain: UpdatesDescription = {
  network,
  batch: 1,
  natural: true,
  candidates: 0,
  optimizer: sgdGraph({ momentum: 0, nesterov: false }),
  decay: 0,
  averaged: false,
  statisticsMemory: 0.9,
};
const attack = { epsilon: 0.1, steps: 1, stepSize: 0.1 };

const inputsOf = (description: UpdatesDescription): string[] =>
  updatesGraph(description).inputs.map(({ name }) => name);

const STATE = ['parameters', 'memory 0'].flatMap((vector) => ['head.weight', 'head.bias'].map((n) => [vector, n]));

/** Carries out updates of weights that begin at 0, each on one image with its target. */
async function run(description: UpdatesDescription, images: number[][], targets: number[][], rate = 1) {
  const count = images.length;
  const graph = updatesGraph(description);
  const own: Record<string, TensorValue> = {
    count: tensorFrom('int64', [count], []),
    images: tensorFrom('float32', images.flat(), [count, 1, 1, 1, 2]),
    targets: tensorFrom('float32', targets.flat(), [count, rowsOf(description), 2]),
    scalars: tensorFrom(
      'float32',
      images.flatMap(() => [rate, 0.5, 1, 1]),
      [count, SCALARS.length],
    ),
  };
  if (description.candidates > 0) {
    const map = new Float32Array(MAP_SIZE);
    writeMap(IDENTITY, shape, map, 0);
    own.maps = tensorFrom(
      'float32',
      images.flatMap(() => [...map]),
      [count, 1, 1, MAP_SIZE],
    );
  }
  const state = graph.inputs
    .filter(({ name }) => !(name in own))
    .map(({ name, shape: dims }): [string, TensorValue] => {
      const sizes = dims as number[];
      return [name, tensorFrom('float32', new Float32Array(sizes.reduce((a, b) => a * b, 1)), sizes)];
    });
  const values = await runGraph(graph, { ...own, ...Object.fromEntries(state) });
  const named = (part: string): number[] => {
    const [name] = state.map(([one]) => one).filter((one) => one.includes(part));
    return [...values[renewed(name)]];
  };
  return { losses: [...values.losses], named };
}

describe('many updates as one graph', () => {
  it.each<[string, Partial<UpdatesDescription>, number, string[]]>([
    ['images as they are', {}, 1, []],
    ['one random transformation of each', { natural: false, candidates: 1 }, 1, ['maps']],
    ['the worst of several', { natural: false, candidates: 3 }, 1, ['maps', 'labels']],
    ['both together', { candidates: 3 }, 2, ['maps', 'labels']],
    ['images moved by an attack in pixels', { attack }, 1, ['labels', 'starts']],
  ])('asks for what it needs of %s', (_, change, rows, more) => {
    const description = { ...plain, ...change };
    expect(rowsOf({ ...description, batch: 5 })).toBe(5 * rows);
    expect(needsLabels(description)).toBe(more.includes('labels'));
    const state = 1 + STATE.length;
    const inputs = inputsOf(description);
    expect(inputs[0]).toBe('count');
    expect(inputs.slice(state)).toEqual(['images', 'targets', 'scalars', ...more]);
  });

  it('gives back all of the state under new names, averages too, and a loss for each update', () => {
    const { inputs, outputs } = updatesGraph({ ...plain, averaged: true });
    const state = inputs.slice(1, -3).map(({ name }) => name);
    expect(state).toHaveLength(STATE.length + 2);
    expect(outputs.map(({ name }) => name)).toEqual([...state.map(renewed), 'losses']);
  });

  it('moves weights as reckoned by hand: at 0 both classes have one half, and the first is right', async () => {
    // ∂/∂W = (p − t) · x with p − t = (−½, ½), and the rate is 1.
    const { losses, named } = await run(plain, [[1, 0.5]], [[1, 0]]);
    expect(losses[0]).toBeCloseTo(Math.log(2), 6);
    const moved = [0.5, 0.25, -0.5, -0.25];
    named('head.weight').forEach((value, i) => expect(value).toBeCloseTo(moved[i], 6));
    named('head.bias').forEach((value, i) => expect(value).toBeCloseTo([0.5, -0.5][i], 6));
  });

  it('goes on from update to update, and each takes its own images', async () => {
    const twice = await run(
      plain,
      [
        [1, 0.5],
        [0, 1],
      ],
      [
        [1, 0],
        [1, 0],
      ],
    );
    // After the first: scores 0.25 + 0.5 and its negative.
    expect(twice.losses[1]).toBeCloseTo(Math.log(1 + Math.exp(-1.5)), 5);
    expect(await run(plain, [[1, 0.5]], [[1, 0]], 0).then(({ named }) => named('head.bias'))).toEqual([0, 0]);
  });

  it('trains on an image and its transformed copy in one update', async () => {
    const half = [0.5, 0];
    const both = await run({ ...plain, candidates: 1 }, [[1, 0.5]], [[...half, ...half]]);
    // The copy is the image itself, each of half the weight: as the image alone.
    const alone = await run(plain, [[1, 0.5]], [[1, 0]]);
    expect(both.losses[0]).toBeCloseTo(alone.losses[0], 6);
    both.named('head.weight').forEach((value, i) => expect(value).toBeCloseTo(alone.named('head.weight')[i], 6));
  });
});
