import { describe, expect, it } from 'vitest';
import { arraySource } from '../../data/array-source.ts';
import { GimbalError } from '../../errors/error.ts';
import { nodeRuntime } from '../../node/runtime/runtime.ts';
import { randomStream } from '../../random/stream.ts';
import { type Hyperparameters, resolveRecipe, type Recipe } from '../recipes/recipe.ts';
import { DeviceUpdater } from './device-updater.ts';
import { TrainingState } from './state.ts';
import { StepUpdater } from './step-updater.ts';
import { recipeNetwork } from './recipe-network.ts';
import { createTask, type Task } from './task.ts';

const UPDATES = 3;

/** Smooth pictures of three channels, no two places of equal brightness. */
function pictures(count: number, side: number) {
  const stream = randomStream(3, 'pictures');
  const labels = Array.from({ length: count }, (_, i) => i % 3);
  const images = labels.map((label, i) =>
    Float32Array.from(
      { length: 3 * side * side },
      (_, p) => 0.5 + 0.3 * Math.sin(p * (0.1 + 0.05 * label)) + 0.2 * stream.uniform4(i, p)[0],
    ),
  );
  return arraySource({ images, labels, shape: { channels: 3, height: side, width: side }, classes: 3 });
}

const tiny: Recipe = {
  name: 'tiny',
  reproduces: 'nothing',
  settings: {
    architecture: 'resnet9',
    depth: 9,
    width: 4,
    objective: 'standard',
    epochs: 1,
    batch: 8,
    rate: 0.02,
    heldOut: 8,
    rotation: 20,
    translation: 1,
    averaging: 0.9,
    smoothing: 0.05,
  },
};

/** An untrained network whose scores are near each other, so that no cross-entropy is lost in rounding. */
function untrained({ network, settings }: Task): TrainingState {
  const state = new TrainingState(network, settings);
  const head = network.layout.slots.find(({ name }) => name === 'head.weight')!;
  for (const vector of [state.live.parameters, state.averaged?.parameters])
    vector?.subarray(head.offset, head.offset + head.size).forEach((v, i, all) => (all[i] = 0.05 * v));
  return state;
}

async function taskOf(changes: readonly string[], others: Partial<Hyperparameters> = {}) {
  const settings = { ...resolveRecipe(tiny, changes), ...others };
  const data = pictures(40, 16);
  return createTask(settings, data, await recipeNetwork(settings, data));
}

describe('DeviceUpdater', () => {
  it.each([
    ['objective=standard', 'flip=true', 'crop=2'],
    ['objective=augmentation', 'optimizer=adamw', 'rate=0.001'],
    ['objective=standard', 'resizedCrop=0.3', 'jitter=0.2', 'lighting=0.1', 'flip=true', 'nesterov=false'],
    ['objective=worst-of-k', 'candidates=3', 'nesterov=false'],
    ['objective=worst-of-k', 'candidates=3', 'interpolation=nearest'],
    ['objective=worst-of-k', 'candidates=4', 'startCandidates=1', 'averaging=0'],
    ['objective=linf', 'steps=2', 'epsilon=0.05'],
    ['objective=regularised', 'candidates=1', 'flip=true'],
    ['objective=regularised', 'candidates=3', 'distance=l2', 'lambda=0.1', 'crossEntropyOn=natural'],
  ])('moves the weights as single steps do, up to rounding: %s', async (...changes) => {
    const task = await taskOf(changes);
    const positions = task.positions.slice(0, 8 * UPDATES);
    const stepwise = untrained(task);
    const one = await StepUpdater.open(task, stepwise, nodeRuntime, 1, () => {});
    const expected: number[] = [];
    for (let i = 0; i < UPDATES; i++)
      expected.push(...(await one.advance({ positions: positions.subarray(8 * i, 8 * (i + 1)), step: i, epoch: 0 })));
    await one.release();

    const start = untrained(task);
    const together = untrained(task);
    const all = new DeviceUpdater(task, together, nodeRuntime, 'cpu', 1);
    expect(all.stride).toBeGreaterThanOrEqual(UPDATES);
    const losses = await all.advance({ positions, step: 0, epoch: 0 });
    await all.release();

    losses.forEach((loss, i) => expect(loss).toBeCloseTo(expected[i], 4));
    for (const [name, vector] of together.vectors) {
      const [reference, before] = [stepwise.vectors.get(name)!, start.vectors.get(name)!];
      const moved = norm(reference.map((v, i) => v - before[i]));
      expect(norm(vector.map((v, i) => v - reference[i])), name).toBeLessThan(0.01 * moved + 1e-6);
      expect(moved, name).toBeGreaterThan(0);
    }
  });

  it('gives the same weights where the next updates are prepared meanwhile', async () => {
    const task = await taskOf(['objective=worst-of-k', 'candidates=2', 'flip=true']);
    const parts = [0, 1, 2].map((step) => ({
      positions: task.positions.slice(8 * step, 8 * (step + 1)),
      step,
      epoch: 0,
    }));
    const [alone, ahead] = [untrained(task), untrained(task)];
    for (const [state, tellsNext] of [
      [alone, false],
      [ahead, true],
    ] as const) {
      const updater = new DeviceUpdater(task, state, nodeRuntime, 'cpu', 1);
      for (const [i, part] of parts.entries()) await updater.advance(part, tellsNext ? parts[i + 1] : undefined);
      await updater.release();
    }
    expect(ahead.live.parameters).toEqual(alone.live.parameters);
    expect(alone.live.parameters).not.toEqual(untrained(task).live.parameters);
  });

  it('keeps the weights where a loss is no number, and says at which update', async () => {
    const task = await taskOf(['rate=1e30/1']);
    const state = untrained(task);
    const before = state.live.parameters.slice();
    const updater = new DeviceUpdater(task, state, nodeRuntime, 'cpu', 1);
    const losses = await updater.advance({ positions: task.positions.slice(0, 8 * UPDATES), step: 0, epoch: 0 });
    await updater.release();
    expect(losses.findIndex((loss) => !Number.isFinite(loss))).toBeGreaterThan(0);
    expect(state.live.parameters).toEqual(before);
  });

  it('refuses what it does not carry out', async () => {
    const task = await taskOf([], { objective: 'distilled' });
    const open = () => new DeviceUpdater(task, untrained(task), nodeRuntime, 'cuda', 1);
    expect(open).toThrow(/setting objective: distilled is not carried out on cuda.*device: 'cpu'/);
    expect(open).toThrow(GimbalError);
  });
});

function norm(v: Float32Array): number {
  return Math.sqrt(v.reduce((sum, x) => sum + x * x, 0));
}
