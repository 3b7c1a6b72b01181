/*
 * Milliseconds of a training step (batch 128; draws, selection, forward, backward and optimizer included), as ratios to
 * PyTorch on the CPU in runs that take turns, step by step; see bench/training_peer.py. Without --python: ours alone, and two nets
 * more. `residentMB` is that of ours after each tenth of the steps.
 *
 *     npm run build && node bench/training.mjs [--python python3] [--steps 9] [--threads 2] [--only resnet:standard]
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { nodeRuntime } from '../dist/node/runtime/runtime.js';
import { randomStream } from '../dist/random/stream.js';
import { drawTransformation } from '../dist/sets/draws.js';
import { architectureNamed } from '../dist/training/architectures/index.js';
import { Network } from '../dist/training/network/network.js';
import { objectiveOf } from '../dist/training/objectives/index.js';
import { RecipeSchema } from '../dist/training/recipes/recipe.js';
import { TrainingState } from '../dist/training/run/state.js';
import { freeze, FrozenSession, isNewSessionDear } from '../dist/training/step/frozen-model.js';
import { StepSession } from '../dist/training/step/step-session.js';
import { createWarp } from '../dist/transform/warp.js';

const { values: options } = parseArgs({
  options: {
    python: { type: 'string' },
    steps: { type: 'string', default: '9' },
    threads: { type: 'string', default: '2' },
    only: { type: 'string' },
  },
});
const threads = Number(options.threads);
const steps = Number(options.steps);
const BATCH = 128;
const NETS = {
  resnet: { architecture: 'resnet', depth: 20, width: 32, shape: { channels: 3, height: 32, width: 32 } },
  mnist: { architecture: 'mnist-convnet', depth: 4, width: 32, shape: { channels: 1, height: 28, width: 28 } },
  ...(options.python === undefined
    ? {
        'plain-convnet': {
          architecture: 'plain-convnet',
          depth: 6,
          width: 32,
          shape: { channels: 1, height: 28, width: 28 },
        },
        resnet9: { architecture: 'resnet9', depth: 9, width: 32, shape: { channels: 3, height: 32, width: 32 } },
      }
    : {}),
};

/** A function that makes one step of ours. */
async function ours(net, objectiveName) {
  const { architecture, depth, width, shape } = NETS[net];
  const settings = RecipeSchema.parse({
    architecture,
    depth,
    width,
    objective: objectiveName === 'standard' ? 'standard' : 'worst-of-k',
    epochs: 1,
    rate: 0.01,
  });
  const channels = Array.from({ length: shape.channels }, () => 0.5);
  const network = new Network({
    architecture: architectureNamed(architecture),
    options: { depth, width },
    shape,
    classes: 10,
    mean: channels,
    std: channels,
  });
  const state = new TrainingState(network, settings);
  const session = await StepSession.open(network, nodeRuntime, threads, BATCH, undefined, (text) =>
    console.error(text),
  );
  const objective = objectiveOf(settings);
  const stream = randomStream(0, 'bench');
  const size = shape.channels * shape.height * shape.width;
  const images = Array.from({ length: BATCH }, (_, i) =>
    Float32Array.from({ length: size }, (_, p) => stream.uniform4(i, p)[0]),
  );
  const indices = images.map((_, i) => i);
  const batch = { images, labels: indices.map((i) => i % 10), indices };
  const warp = createWarp(shape);
  const statistics = new Float32Array(network.statistics.total);
  const selection =
    objectiveName !== 'standard' && isNewSessionDear(network)
      ? await FrozenSession.open(network, nodeRuntime, threads, 'cpu')
      : undefined;
  let count = 0;
  return async () => {
    let frozen;
    const step = count++;
    const input = await objective.prepare(batch, {
      classes: 10,
      smoothing: 0,
      box: { tx: 3, ty: 3, angle: 30 },
      warp,
      progress: 0,
      draw: (index, draw) => drawTransformation({ tx: 3, ty: 3, angle: 30 }, stream, index, draw, step),
      frozen: async () => (frozen ??= await freeze(network, state.live, nodeRuntime, threads, undefined, selection)),
    });
    await session.run(state.live.parameters, input, state.gradient, statistics);
    await frozen?.release();
    state.observe(statistics);
    state.update(state.gradient, step, 0.01);
  };
}

/** A function that makes one step of the peer and resolves with its milliseconds. */
function peer(net, objective, memory) {
  const child = spawn(
    options.python,
    [join(import.meta.dirname, 'training_peer.py'), net, objective, String(threads), memory],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, OMP_PROC_BIND: 'true' },
    },
  );
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => Number((await lines.next()).value);
  return {
    step: () => {
      child.stdin.write('step\n');
      return next();
    },
    end: () => {
      child.stdin.end();
      return next();
    },
  };
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

for (const net of Object.keys(NETS)) {
  for (const objective of ['standard', 'worst-of-10']) {
    if (options.only !== undefined && options.only !== `${net}:${objective}`) continue;
    const step = await ours(net, objective);
    const peers =
      options.python === undefined
        ? []
        : ['contiguous', 'channels-last'].map((memory) => ({ memory, ...peer(net, objective, memory), times: [] }));
    const times = [];
    const resident = [];
    for (let round = -2; round < steps; round++) {
      const started = performance.now();
      await step();
      const own = performance.now() - started;
      if (round >= 0) times.push(own);
      if ((round + 1) % Math.max(1, Math.floor(steps / 10)) === 0 && round >= 0)
        resident.push(Math.round(process.memoryUsage().rss / 2 ** 20));
      for (const other of peers) {
        const ms = await other.step();
        if (round >= 0) other.times.push(ms);
      }
    }
    const result = {
      net,
      objective,
      steps,
      threads,
      ours: Math.round(median(times)),
      residentMB: steps < 10 ? resident.at(-1) : resident,
    };
    for (const other of peers) {
      result[other.memory] = Math.round(median(other.times));
      result[`${other.memory}MB`] = Math.round(await other.end());
    }
    if (peers.length > 0) {
      const best = peers.reduce((a, b) => (median(a.times) <= median(b.times) ? a : b));
      result.ratio = Number(median(times.map((t, i) => t / best.times[i])).toFixed(3));
    }
    console.log(JSON.stringify(result));
  }
}
