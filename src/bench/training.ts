/*
 * Milliseconds of a training step (batch 128; draws, selection, forward, backward and optimizer included), as ratios to
 * PyTorch on the CPU in runs that take turns, step by step; see tools/peers/training.py. Without --python: ours alone,
 * and two nets more. `residentMB` is that of ours after each tenth of the steps.
 *
 *     npm run bench -- training [--python python3] [--steps 9] [--threads 2] [--only resnet:standard]
 */
import { parseArgs } from 'node:util';
import { nodeRuntime } from '../node/runtime/runtime.ts';
import type { ImageShape } from '../image/image.ts';
import { randomStream } from '../random/stream.ts';
import { drawTransformation } from '../sets/draws.ts';
import { architectureNamed } from '../training/architectures/index.ts';
import { Network } from '../training/network/network.ts';
import { objectiveNamed } from '../training/objectives/registry.ts';
import { RecipeSchema } from '../training/recipes/recipe.ts';
import { TrainingState } from '../training/run/state.ts';
import { freeze, FrozenSession, isNewSessionDear, type FrozenModel } from '../training/step/frozen-model.ts';
import { StepSession } from '../training/step/step-session.ts';
import { createWarp } from '../transform/warp.ts';
import { inTurns, stepPeers } from './step-peer.ts';

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
interface Net {
  readonly architecture: string;
  readonly depth: number;
  readonly width: number;
  readonly shape: ImageShape;
}

const NETS: Readonly<Record<string, Net>> = {
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
async function ours(net: string, objectiveName: string): Promise<() => Promise<void>> {
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
  const objective = objectiveNamed(settings.objective).create(settings);
  const stream = randomStream(0, 'bench');
  const size = shape.channels * shape.height * shape.width;
  const images = Array.from({ length: BATCH }, (_, i) =>
    Float32Array.from({ length: size }, (_, p) => stream.uniform4(i, p)[0]),
  );
  const indices = images.map((_, i) => i);
  const batch = {
    images,
    labels: indices.map((i) => i % 10),
    indices,
    positions: indices,
    mirrored: indices.map(() => false),
  };
  const warp = createWarp(shape);
  const statistics = new Float32Array(network.statistics.total);
  const selection =
    objectiveName !== 'standard' && isNewSessionDear(network)
      ? await FrozenSession.open(network, nodeRuntime, threads, 'cpu')
      : undefined;
  let count = 0;
  return async () => {
    let frozen: FrozenModel | undefined;
    const step = count++;
    const input = await objective.prepare(batch, {
      classes: 10,
      smoothing: 0,
      box: { tx: 3, ty: 3, angle: 30 },
      warp,
      progress: 0,
      draw: (index, draw) => drawTransformation({ tx: 3, ty: 3, angle: 30 }, stream, index, draw, step),
      frozen: async () => (frozen ??= await freeze(network, state.live, nodeRuntime, threads, undefined, selection)),
      teacher: () => Promise.reject(new Error('internal: no objective here has a teacher')),
      noise: () => [0, 0, 0, 0],
    });
    await session.run(state.live.parameters, input, state.gradient, statistics);
    await frozen?.release();
    state.observe(statistics);
    state.update(state.gradient, step, 0.01);
  };
}

for (const net of Object.keys(NETS)) {
  for (const objective of ['standard', 'worst-of-10']) {
    if (options.only !== undefined && options.only !== `${net}:${objective}`) continue;
    const step = await ours(net, objective);
    const peers = stepPeers(options.python, 'training.py', (memory) => [net, objective, String(threads), memory]);
    const resident: number[] = [];
    const figures = await inTurns(
      async (round) => {
        await step();
        if ((round + 1) % Math.max(1, Math.floor(steps / 10)) === 0 && round >= 0)
          resident.push(Math.round(process.memoryUsage().rss / 2 ** 20));
      },
      peers,
      steps,
    );
    const residentMB = steps < 10 ? resident.at(-1) : resident;
    console.log(JSON.stringify({ net, objective, steps, threads, residentMB, ...figures }));
  }
}
