import type { ImageSource } from '../../data/source.ts';
import { failure, misuse } from '../../errors/error.ts';
import { describeShape } from '../../image/image.ts';
import { randomStream } from '../../random/stream.ts';
import type { Runtime } from '../../runtime/runtime.ts';
import { createBox } from '../../sets/box.ts';
import { DRAWS } from '../../sets/draws.ts';
import { createWarp } from '../../transform/warp.ts';
import { architectureNamed } from '../architectures/index.ts';
import { channelStatistics } from '../batches/channel-statistics.ts';
import { flipCrop } from '../batches/flip-crop.ts';
import { epochOrder, splitHeldOut } from '../batches/order.ts';
import { Network, type NetworkState } from '../network/network.ts';
import { objectiveOf } from '../objectives/index.ts';
import type { Batch, ObjectiveContext } from '../objectives/objective.ts';
import type { Hyperparameters } from '../recipes/recipe.ts';
import { schedule } from '../schedules/schedules.ts';
import { freeze, openGradientSession, type FrozenModel } from '../step/frozen-model.ts';
import { StepSession } from '../step/step-session.ts';
import { decodeCheckpoint, encodeCheckpoint } from './checkpoint.ts';
import { measure } from './held-out.ts';
import type { EpochMetrics, TrainingEvent } from './metrics.ts';
import { TrainingState } from './state.ts';
import type { RunStore } from './store.ts';

export interface TrainingOptions {
  readonly recipe: string;
  readonly settings: Hyperparameters;
  readonly data: ImageSource;
  readonly runtime: Runtime;
  readonly store: RunStore;
  /** Threads inside an operator. */
  readonly threads: number;
  /** Stops the run after the update under way, with a checkpoint. */
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: TrainingEvent) => void;
  /** Seconds between checkpoints; there is one after each epoch in any case. */
  readonly checkpointSeconds?: number;
}

export interface TrainingResult {
  readonly network: Network;
  readonly state: NetworkState;
  /** False where the signal stopped the run. */
  readonly finished: boolean;
  readonly metrics: readonly EpochMetrics[];
}

/**
 * Trains a network, or goes on with the run that the store holds. The result is a pure function of settings, data and
 * number of threads, however often the run was stopped.
 *
 * @throws misuse `other-run` if the store holds another run, `too-few-images`, `bad-checkpoint`
 * @throws failure `diverged` naming the update, if the loss or a weight is no longer a number; the last good checkpoint stays
 */
export async function train(options: TrainingOptions): Promise<TrainingResult> {
  const { settings, data, runtime, store, threads, signal, onEvent = () => {}, checkpointSeconds = 120 } = options;
  const { seed, batch, accumulate, epochs } = settings;
  const { shape, classes } = data;

  const { train: positions, heldOut } = splitHeldOut(data.length, settings.heldOut, batch, seed);
  const architecture = architectureNamed(settings.architecture);
  const network = new Network({
    architecture,
    options: { depth: settings.depth ?? architecture.defaults.depth, width: settings.width ?? architecture.defaults.width },
    shape,
    classes,
    ...(await channelStatistics(data, positions)),
  });
  const box = createBox(shape, settings.rotation, { unit: 'px', value: settings.translation });
  const warp = createWarp(shape);
  const objective = objectiveOf(settings);
  const state = new TrainingState(network, settings);
  const course = schedule(settings.schedule, settings);
  const stepsPerEpoch = Math.floor(positions.length / batch);
  const steps = epochs * stepsPerEpoch;
  const streams = { flipCrop: randomStream(seed, 'flip and crop'), draw: randomStream(seed, 'transformation'), noise: randomStream(seed, 'noise'), heldOut: randomStream(seed, 'held-out draws') };

  const identity = { recipe: options.recipe, settings, data: { name: data.name, fingerprint: data.fingerprint, shape: describeShape(shape), classes } };
  let step = 0;
  let lossSum = 0;
  const metrics: EpochMetrics[] = [];
  const saved = await store.load();
  if (saved !== undefined) {
    const checkpoint = decodeCheckpoint(saved, 'checkpoint');
    refuseOther(checkpoint.identity, identity);
    state.restore(checkpoint.vectors);
    ({ step, lossSum } = checkpoint);
    metrics.push(...checkpoint.metrics);
  }
  await store.resetMetrics(metrics);
  onEvent({ kind: 'start', steps, epochs, parameters: network.layout.total, images: positions.length, resumedAt: step });

  const save = async (): Promise<void> => {
    if (!state.sound) throw diverged(step, steps, stepsPerEpoch, 'a weight is no longer a number');
    await store.save(encodeCheckpoint({ identity, step, lossSum, metrics, vectors: state.vectors }));
    onEvent({ kind: 'checkpoint', step });
  };

  const stepSession = await StepSession.open(
    network, runtime, threads, ((objective.pair === undefined ? 1 : 2) * batch) / accumulate, objective.pair, (text) => onEvent({ kind: 'notice', text }),
  );
  const gradientSession = objective.needsGradients ? await openGradientSession(network, runtime, threads) : undefined;
  const gradient = new Float32Array(network.layout.total);
  const partGradient = accumulate === 1 ? gradient : new Float32Array(network.layout.total);
  const batchStatistics = new Float32Array(network.statistics.total);
  try {
    let order: Uint32Array | undefined;
    let orderEpoch = -1;
    let epochStarted = performance.now();
    let savedAt = performance.now();
    let fresh = 0;
    while (step < steps && signal?.aborted !== true) {
      const epoch = Math.floor(step / stepsPerEpoch);
      const inEpoch = step % stepsPerEpoch;
      if (order === undefined || orderEpoch !== epoch) {
        order = epochOrder(positions, seed, epoch);
        orderEpoch = epoch;
        epochStarted = performance.now();
        fresh = 0;
      }
      const rate = settings.rate * course(step / steps);
      let frozen: FrozenModel | undefined;
      const context: ObjectiveContext = {
        classes,
        smoothing: settings.smoothing,
        box,
        warp,
        progress: step / steps,
        draw: (index, draw) => DRAWS[settings.draws](box, streams.draw, index, draw, epoch),
        noise: (index, block) => streams.noise.uniform4(index, block, epoch),
        frozen: async () => (frozen ??= await freeze(network, state.live, runtime, threads, gradientSession)),
      };
      let loss = 0;
      if (accumulate > 1) gradient.fill(0);
      for (let part = 0; part < accumulate; part++) {
        const first = inEpoch * batch + (part * batch) / accumulate;
        const images = await data.read([...order.subarray(first, first + batch / accumulate)]);
        const prepared: Batch = {
          images: images.map(({ pixels, index }) => flipCrop(pixels, shape, settings, streams.flipCrop, index, epoch)),
          labels: images.map(({ label }) => label),
          indices: images.map(({ index }) => index),
        };
        const input = await objective.prepare(prepared, context);
        loss += (await stepSession.run(state.live.parameters, input, partGradient, batchStatistics)) / accumulate;
        state.observe(batchStatistics);
        if (accumulate > 1) for (let i = 0; i < gradient.length; i++) gradient[i] += partGradient[i] / accumulate;
      }
      await frozen?.release();
      if (!Number.isFinite(loss)) throw diverged(step, steps, stepsPerEpoch, `the loss is ${loss}`);
      state.update(gradient, step, rate);
      lossSum += loss;
      step++;
      fresh++;

      const seconds = (performance.now() - epochStarted) / 1000;
      const imagesPerSecond = (fresh * batch) / seconds;
      onEvent({ kind: 'step', step, steps, epoch: epoch + 1, loss, rate, imagesPerSecond, secondsLeft: ((steps - step) * batch) / imagesPerSecond });
      if (step % stepsPerEpoch === 0) {
        const accuracies = heldOut.length === 0 ? {} : await measureResult();
        const line: EpochMetrics = { epoch: epoch + 1, step, loss: lossSum / stepsPerEpoch, rate, ...accuracies, heldOut: heldOut.length, imagesPerSecond, seconds };
        metrics.push(line);
        lossSum = 0;
        await save();
        savedAt = performance.now();
        await store.appendMetrics(line);
        onEvent({ kind: 'epoch', metrics: line, epochs });
      } else if (performance.now() - savedAt > checkpointSeconds * 1000) {
        await save();
        savedAt = performance.now();
      }
    }
    if (step < steps) await save();
  } finally {
    await stepSession.release();
    await gradientSession?.session.release();
  }
  return { network, state: state.result, finished: step === steps, metrics };

  async function measureResult(): Promise<{ natural: number; worstOf10: number }> {
    const model = await freeze(network, state.result, runtime, threads);
    try {
      return await measure(model, data, heldOut, box, warp, streams.heldOut, classes);
    } finally {
      await model.release();
    }
  }
}

function diverged(step: number, steps: number, stepsPerEpoch: number, problem: string): Error {
  return failure({
    code: 'diverged',
    subject: `update ${step + 1} of ${steps} (epoch ${Math.floor(step / stepsPerEpoch) + 1})`,
    problem: `training diverged: ${problem}.`,
    advice: 'The last good checkpoint is kept. Try a lower rate, for example half of it.',
  });
}

/** @throws misuse naming the first difference */
function refuseOther(saved: Readonly<Record<string, unknown>>, own: Readonly<Record<string, unknown>>): void {
  const flat = (value: unknown, path: string): [string, string][] =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.entries(value).flatMap(([key, inner]) => flat(inner, path === '' ? key : `${path}.${key}`))
      : [[path, JSON.stringify(value)]];
  const before = new Map(flat(saved, ''));
  const now = new Map(flat(own, '').filter(([, value]) => value !== undefined));
  for (const key of new Set([...before.keys(), ...now.keys()])) {
    if (before.get(key) !== now.get(key)) {
      throw misuse({
        code: 'other-run',
        subject: 'run folder',
        problem: `it holds another run: ${key} was ${before.get(key) ?? 'not given'} and is now ${now.get(key) ?? 'not given'}.`,
        advice: 'Give another --out, or the same settings.',
      });
    }
  }
}
