/*
 * Milliseconds of an update of `gimbal harden` (draws, choice of candidates, forward, backward and optimizer included),
 * as ratios to PyTorch on the CPU in runs that take turns, update by update; see tools/peers/hardening.py, which
 * carries out the same file. Without --python: ours alone.
 *
 *     npm run bench -- hardening MODEL.onnx [--labels none] [--set batch=32] [--mean .485,.456,.406] [--std …]
 *                      [--python python3] [--updates 9] [--threads 2]
 */
import { parseArgs } from 'node:util';
import { arraySource } from '../data/array-source.ts';
import { prepareModel } from '../model/prepare.ts';
import { nodeRuntime } from '../node/runtime/runtime.ts';
import { readModelFile } from '../node/runtime/open.ts';
import { readModel } from '../onnx/read.ts';
import { randomStream } from '../random/stream.ts';
import { planHardening } from '../training/hardening/plan.ts';
import { ImportedNetwork } from '../training/network/imported-network.ts';
import { settingsWith, TrainingSchema } from '../training/recipes/recipe.ts';
import { StepUpdater } from '../training/run/step-updater.ts';
import { TrainingState } from '../training/run/state.ts';
import { createTask } from '../training/run/task.ts';
import { imageSize } from '../image/image.ts';
import { inTurns, stepPeers } from './step-peer.ts';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    labels: { type: 'string' },
    set: { type: 'string', multiple: true, default: [] },
    mean: { type: 'string' },
    std: { type: 'string' },
    python: { type: 'string' },
    updates: { type: 'string', default: '9' },
    threads: { type: 'string', default: '2' },
  },
});
const [path] = positionals;
if (path === undefined) {
  console.error('usage: npm run bench -- hardening MODEL.onnx [--labels none] [--python python3] [--updates 9]');
  process.exit(2);
}
const updates = Number(options.updates);
const threads = Number(options.threads);
const list = (text: string | undefined): number[] | undefined => text?.split(',').map(Number);
const labelled = options.labels !== 'none';

const hints = { mean: list(options.mean), std: list(options.std) };
const { read } = await readModelFile(path, (bytes) => ({ original: readModel(bytes), bytes }));
const network = new ImportedNetwork(read.original, await prepareModel(nodeRuntime, read.bytes, hints));
const { shape, classes } = network;
const settings = settingsWith(
  TrainingSchema,
  planHardening({
    images: 50_000,
    shape,
    labelled,
    mirrored: false,
    rotation: 30,
    translation: Math.round(0.1 * shape.width),
    allowedLoss: 0.01,
    seed: 0,
  }),
  [...options.set, 'heldOut=0', 'epochs=1'],
  'hardening',
);
const stream = randomStream(0, 'bench');
const size = imageSize(shape);
const images = Array.from({ length: 2 * settings.batch }, (_, i) =>
  Float32Array.from({ length: size }, (_, p) => stream.uniform4(i, p)[0]),
);
const data = arraySource({ images, labels: images.map((_, i) => i % classes), shape, classes });
const task = createTask(settings, data, network);
const state = new TrainingState(network, settings);
const updater = await StepUpdater.open(task, state, nodeRuntime, threads, (text) => console.error(text));
const positions = Uint32Array.from({ length: settings.batch }, (_, i) => i);

const { objective, batch, candidates, rotation, translation } = settings;
const peers = stepPeers(options.python, 'hardening.py', (memory) => [
  path,
  objective,
  ...[batch, candidates, rotation, translation, threads].map(String),
  memory,
  options.mean ?? '0',
  options.std ?? '1',
]);
const figures = await inTurns(
  async (update) => void (await updater.advance({ positions, step: 0, epoch: update + 2 })),
  peers,
  updates,
);
await updater.release();
const peakMB = Math.round(process.resourceUsage().maxRSS / 1024);
console.log(JSON.stringify({ model: path, objective, batch, candidates, updates, threads, peakMB, ...figures }));
