import { describe, expect, it } from 'vitest';
import { arraySource } from '../../data/array-source.ts';
import { nodeRuntime } from '../../node/runtime/runtime.ts';
import { randomStream } from '../../random/stream.ts';
import { resolveRecipe, type Recipe } from '../recipes/recipe.ts';
import { decodeCheckpoint, encodeCheckpoint } from './checkpoint.ts';
import { resultOf, type StartingPoint } from './starting-point.ts';
import { memoryStore, type RunStore } from './store.ts';
import { train, type TrainingResult } from './train.ts';
import { nodeClock } from '../../node/machine/clock.ts';

/** Two classes of 8×8 pictures: a bright bar that stands or lies, with noise. */
function bars(count: number) {
  const stream = randomStream(7, 'bars');
  const labels = Array.from({ length: count }, (_, i) => i % 2);
  const images = labels.map((label, i) =>
    Float32Array.from({ length: 64 }, (_, p) => {
      const along = label === 0 ? p % 8 : p >> 3;
      return 0.2 * stream.uniform4(i, p)[0] + (along === 3 || along === 4 ? 0.8 : 0);
    }),
  );
  return arraySource({ images, labels, shape: { channels: 1, height: 8, width: 8 }, classes: 2 });
}

const tiny: Recipe = {
  name: 'tiny',
  reproduces: 'nothing',
  settings: {
    architecture: 'resnet',
    depth: 8,
    width: 4,
    objective: 'standard',
    epochs: 2,
    batch: 8,
    rate: 0.05,
    heldOut: 16,
    rotation: 20,
    translation: 1,
    averaging: 0.9,
  },
};

function run(
  changes: readonly string[],
  store: RunStore = memoryStore(),
  stopAfter = Infinity,
  start?: StartingPoint,
  onNotice?: (text: string) => void,
): Promise<TrainingResult> {
  const controller = new AbortController();
  return train({
    recipe: 'tiny',
    settings: resolveRecipe(tiny, changes),
    data: bars(64),
    runtime: nodeRuntime,
    clock: nodeClock,
    store,
    threads: 1,
    start,
    signal: controller.signal,
    onEvent: (event) => {
      if (event.kind === 'notice') onNotice?.(event.text);
      if (event.kind === 'step' && event.step >= stopAfter) controller.abort();
    },
  });
}

it('reads the next batch while the one before it is worked on', async () => {
  const reads: number[] = [];
  const data = bars(64);
  const counted = {
    ...data,
    read: (positions: readonly number[]) => {
      reads.push(positions.length);
      return data.read(positions);
    },
  };
  let atFirst = 0;
  await train({
    recipe: 'tiny',
    settings: resolveRecipe(tiny, ['epochs=1', 'heldOut=0']),
    data: counted,
    runtime: nodeRuntime,
    clock: nodeClock,
    store: memoryStore(),
    threads: 1,
    onEvent: (event) => {
      if (event.kind === 'start') reads.length = 0;
      if (event.kind === 'step' && event.step === 1) atFirst = reads.length;
    },
  });
  expect(atFirst).toBe(2);
  expect(reads).toEqual(Array(8).fill(8));
});

describe('train', () => {
  it.each([
    ['objective=standard', 'flip=true', 'crop=1'],
    ['objective=augmentation', 'optimizer=adamw', 'rate=0.01'],
    ['objective=augmentation', 'resizedCrop=0.3', 'jitter=0.2', 'lighting=0.1', 'flip=true'],
    ['objective=worst-of-k', 'candidates=3', 'startCandidates=1'],
    ['objective=linf', 'steps=2', 'epsilon=0.05'],
    ['objective=worst-of-k', 'candidates=2', 'flip=true'],
    ['objective=regularised', 'candidates=2', 'distance=l2'],
    ['objective=regularised', 'candidates=2', 'crossEntropyOn=natural'],
    ['objective=standard', 'architecture=whitened-convnet'],
  ])('learns, and goes on from a stop as if nothing had happened: %s', async (...changes) => {
    const whole = await run(changes);
    expect(whole.finished).toBe(true);
    expect(whole.metrics[1].loss).toBeLessThan(whole.metrics[0].loss);

    const store = memoryStore();
    expect((await run(changes, store, 4)).finished).toBe(false);
    const resumed = await run(changes, store);
    expect(Buffer.from(resumed.state.parameters.buffer).equals(Buffer.from(whole.state.parameters.buffer))).toBe(true);
    expect(Buffer.from(resumed.state.statistics.buffer).equals(Buffer.from(whole.state.statistics.buffer))).toBe(true);
    expect(resumed.metrics.map(({ loss, natural, worstOf10 }) => [loss, natural, worstOf10])).toEqual(
      whole.metrics.map(({ loss, natural, worstOf10 }) => [loss, natural, worstOf10]),
    );
  });

  it('goes on with the normalisation that it began with, not a new one', async () => {
    const store = memoryStore();
    await run([], store, 4);
    const checkpoint = await decodeCheckpoint((await store.load()) as Uint8Array, 'first');
    const resumed = memoryStore();
    await resumed.save(await encodeCheckpoint({ ...checkpoint, normalisation: { mean: [0.125], std: [0.5] } }));
    expect((await run([], resumed)).network.normalisation).toMatchObject({ mean: [0.125], std: [0.5] });
    const { normalisation, ...earlier } = checkpoint;
    await resumed.save(await encodeCheckpoint(earlier));
    expect((await run([], resumed)).network.normalisation).toMatchObject({ ...normalisation });
  });

  it('goes on from the checkpoint before a damaged one, says so, and ends with the same bytes', async () => {
    const whole = await run([]);
    const store = memoryStore();
    await run([], store, 4);
    await run([], store, 5);
    const newest = (await store.load()) as Uint8Array;
    newest[newest.length - 100] ^= 1;
    const notices: string[] = [];
    const resumed = await run([], store, undefined, undefined, (notice) => notices.push(notice));
    expect(notices).toEqual([
      'checkpoint: the newest checkpoint is damaged and put aside; the run goes on from the one before it, ' +
        'after update 4.',
    ]);
    expect(resumed.state.parameters).toEqual(whole.state.parameters);
  });

  it('refuses to go on where both checkpoints are damaged', async () => {
    const store = memoryStore();
    await run([], store, 4);
    await run([], store, 5);
    for (const which of ['newest', 'before'] as const) ((await store.load(which)) as Uint8Array)[200] ^= 1;
    await expect(run([], store)).rejects.toMatchObject({ kind: 'misuse', issue: { code: 'bad-checkpoint' } });
  });

  it('tells bars apart after a few epochs', async () => {
    const { metrics } = await run(['epochs=6', 'averaging=0']);
    expect(metrics.at(-1)?.natural).toBe(1);
  });

  it('depends on the seed', async () => {
    const [a, b] = await Promise.all([run(['epochs=1']), run(['epochs=1', 'seed=1'])]);
    expect(a.state.parameters).not.toEqual(b.state.parameters);
  });

  it.each([
    ['the best state', 0.1, 0.75],
    ['the last state, where none was better than the start', 0.3, 0.25],
  ])('gives weights between the start and %s, where these are worth more', async (_, rate, share) => {
    const changes = ['objective=augmentation', 'epochs=3', 'averaging=0', 'heldOut=32', 'seed=2', `rate=${rate}`];
    const { state: end, metrics } = await run(changes);
    const store = memoryStore();
    const { network, state, between, bestEpoch } = await run([...changes, 'keep=best', 'interpolate=true'], store);
    expect(bestEpoch).toBe(3);
    expect(between).toMatchObject({ share });
    expect(between!.worstOf10! > metrics[2].worstOf10! || between!.natural! > metrics[2].natural!).toBe(true);
    const start = network.initialState(2).parameters;
    const there = start.map((value, i) => value + share * (end.parameters[i] - value));
    expect(state.parameters).toEqual(there);
    // Whoever carries on from its end comes to the same.
    const again = await run([...changes, 'keep=best', 'interpolate=true'], store);
    expect(again.state.parameters).toEqual(there);
    expect(again.between).toEqual(between);
  });

  it('stops at a loss that is no number, names the update and keeps the checkpoint', async () => {
    const store = memoryStore();
    await expect(run(['rate=1e30/1', 'warmup=0', 'epochs=3'], store)).rejects.toThrow(
      /update \d+ of 18 \(epoch 1\): training diverged/,
    );
    expect(await store.load()).toBeUndefined();
  });

  describe('from the weights of another run', () => {
    async function trained(changes: readonly string[]): Promise<StartingPoint & { result: TrainingResult }> {
      const store = memoryStore();
      const result = await run(['epochs=1', ...changes], store);
      return {
        name: 'first',
        sha256: 'a',
        checkpoint: await decodeCheckpoint((await store.load()) as Uint8Array, 'first'),
        result,
      };
    }

    it.each([[['averaging=0.9']], [['averaging=0']]])('begins where that one ended: %s', async (changes) => {
      const { result, ...start } = await trained(changes);
      // A rate that moves nothing shows what a run began with.
      const still = await run(['epochs=1', 'rate=1e-30', 'decay=0', 'seed=5', ...changes], undefined, 1, start);
      expect(still.state.parameters).toEqual(result.state.parameters);
      expect(still.network.normalisation?.mean).toEqual(result.network.normalisation?.mean);
      expect(resultOf(start.checkpoint).statistics).toEqual(result.state.statistics);
      const { normalisation, ...earlier } = start.checkpoint;
      expect(normalisation?.mean).toEqual(result.network.normalisation?.mean);
      const without = await run(['epochs=1', 'seed=5', 'heldOut=20'], undefined, 1, { ...start, checkpoint: earlier });
      expect(without.network.normalisation?.mean).toEqual(result.network.normalisation?.mean);
    });

    it('keeps the whitening filters that its weights go with', async () => {
      const { result, ...start } = await trained(['architecture=whitened-convnet']);
      const again = await run(['architecture=whitened-convnet', 'seed=5', 'heldOut=20'], undefined, 1, start);
      expect(again.network.normalisation?.whitening).toEqual(result.network.normalisation?.whitening);
      expect(again.network.normalisation?.whitening).toHaveLength(16 * 9);
    });

    it('goes on from a stop as if nothing had happened, and only under the same start', async () => {
      const { result: _, ...start } = await trained([]);
      const whole = await run(['seed=1'], undefined, undefined, start);
      const store = memoryStore();
      await run(['seed=1'], store, 3, start);
      await expect(run(['seed=1'], store)).rejects.toThrow(/start was "a" and is now not given/);
      const resumed = await run(['seed=1'], store, undefined, start);
      expect(Buffer.from(resumed.state.parameters.buffer).equals(Buffer.from(whole.state.parameters.buffer))).toBe(
        true,
      );
    });

    it.each([
      ['width=6', /first: it is another network: width 4, here 6/],
      ['depth=14', /depth 8, here 14/],
      ['architecture=whitened-convnet', /architecture resnet, here whitened-convnet/],
    ])('refuses another network: %s', async (change, message) => {
      const { result: _, ...start } = await trained([]);
      await expect(run([change], undefined, undefined, start)).rejects.toThrow(message);
    });
  });

  it('refuses the folder of another run by the first difference', async () => {
    const store = memoryStore();
    await run(['epochs=1'], store);
    await expect(run(['epochs=1', 'rate=0.04'], store)).rejects.toThrow(/settings\.rate was 0\.05 and is now 0\.04/);
  });

  it('refuses data with less than a batch', async () => {
    await expect(run(['batch=60'])).rejects.toThrow(/of 64 images 16 are held out/);
  });
});
