/*
 * The loop of the ImageNet recipes on a folder of photographs: images a second as training reads them (decoded, cut,
 * mirrored and coloured in threads), and updates of a recipe on the CPU, each reading the next batch meanwhile. With
 * --python the same updates on the same batches by torchvision's network in PyTorch (tools/peers/imagenet.py), and how
 * far the weights are from its own.
 *
 *     npm run bench -- imagenet FOLDER [--recipe imagenet/standard] [--set batch=16] [--updates 2] [--threads 2]
 *         [--resize 256] [--crop 224] [--images 512] [--python python3]
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { misuse } from '../errors/error.ts';
import { openSource } from '../node/data/open.ts';
import { nodeRuntime } from '../node/runtime/runtime.ts';
import { largestOf } from '../statistics/extremes.ts';
import { recipeNamed } from '../training/recipes/index.ts';
import { resolveRecipe } from '../training/recipes/recipe.ts';
import { BatchReader } from '../training/run/batch-reader.ts';
import { recipeNetwork } from '../training/run/recipe-network.ts';
import { TrainingState } from '../training/run/state.ts';
import { StepUpdater } from '../training/run/step-updater.ts';
import { createTask } from '../training/run/task.ts';
import { median } from './median.ts';

const {
  values: options,
  positionals: [folder],
} = parseArgs({
  allowPositionals: true,
  options: {
    recipe: { type: 'string', default: 'imagenet/standard' },
    set: { type: 'string', multiple: true, default: [] },
    updates: { type: 'string', default: '2' },
    threads: { type: 'string', default: '2' },
    resize: { type: 'string', default: '256' },
    crop: { type: 'string', default: '224' },
    images: { type: 'string', default: '512' },
    python: { type: 'string' },
  },
});
if (folder === undefined)
  throw misuse({ code: 'missing-argument', subject: 'FOLDER', problem: 'is missing: a folder for each class.' });
const [threads, count] = [Number(options.threads), Number(options.updates)];

const since = (start: number): number => performance.now() - start;
/** Milliseconds of all cores since then, which other work on the machine hardly changes. */
const coresSince = (start: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
};
let start = performance.now();
const data = await openSource(folder, {
  split: 'train',
  resize: Number(options.resize),
  crop: Number(options.crop),
  decoders: threads,
});
console.log(`opened ${data.length} images in ${(since(start) / 1000).toFixed(1)} s`);
const settings = resolveRecipe(recipeNamed(options.recipe), ['heldOut=0', 'batch=16', ...options.set]);
const task = createTask(settings, data, await recipeNetwork(settings, data));
const { batch } = settings;
const batches = Array.from({ length: task.stepsPerEpoch }, (_, i) => task.positions.slice(i * batch, (i + 1) * batch));

const read = Math.min(batches.length, Math.max(1, Math.round(Number(options.images) / batch)));
const reader = new BatchReader(task);
await reader.read(batches[0], 1);
start = performance.now();
let cores = process.cpuUsage();
for (let i = 0; i < read; i++) {
  const own = reader.read(batches[i], 0);
  reader.begin(batches.slice(i + 1, Math.min(read, i + 3)).map((positions) => ({ positions, epoch: 0 })));
  await own;
}
const readRate = (1000 * read * batch) / since(start);
const readCores = coresSince(cores) / (read * batch);
console.log(
  `${read * batch} images read for training: ${readRate.toFixed(0)} images/s, ${threads} threads, ` +
    `${readCores.toFixed(1)} ms of a core each`,
);

const state = new TrainingState(task.network, settings);
const before = state.live.parameters.slice();
const updater = await StepUpdater.open(task, state, nodeRuntime, threads, (text) => console.error(text));
const losses: number[] = [];
const times: number[] = [];
const updatesAt = (step: number) => ({ positions: batches[step % batches.length], step, epoch: 0 });
cores = process.cpuUsage();
for (let step = 0; step < count; step++) {
  start = performance.now();
  const [loss] = await updater.advance(updatesAt(step), step + 1 < count ? updatesAt(step + 1) : undefined);
  losses.push(loss);
  times.push(since(start));
}
const updateCores = coresSince(cores) / (count * batch);
await updater.release();
const each = median(times);
console.log(
  `${options.recipe}, updates of ${batch}: ${each.toFixed(0)} ms, ${((1000 * batch) / each).toFixed(1)} images/s, ` +
    `${updateCores.toFixed(0)} ms of a core an image, losses ${losses.map((loss) => loss.toFixed(6)).join(', ')}`,
);
if (options.python !== undefined) await compare(options.python);
await data.close();

/** The same updates in PyTorch. */
async function compare(python: string): Promise<void> {
  if (settings.objective !== 'standard')
    throw misuse({ code: 'not-compared', subject: '--recipe', problem: 'only standard training has a peer.' });
  const place = mkdtempSync(join(tmpdir(), 'gimbal-imagenet-'));
  const write = (name: string, values: Float32Array | Int32Array): void =>
    writeFileSync(join(place, name), new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  const { layout, parameters, normalisation } = task.network;
  const images: Float32Array[] = [];
  const labels: number[] = [];
  for (let step = 0; step < count; step++) {
    const read = await reader.read(updatesAt(step).positions, 0);
    read.images.forEach((image) => images.push(image));
    read.labels.forEach((label) => labels.push(label));
  }
  const size = images[0].length;
  const all = new Float32Array(images.length * size);
  images.forEach((image, i) => all.set(image, i * size));
  write('images.f32', all);
  write('labels.i32', Int32Array.from(labels));
  write('before.f32', before);
  const { depth, rate, momentum, nesterov, decay } = settings;
  const { shape, classes } = data;
  const rates = Array.from({ length: count }, (_, step) => task.rate(step));
  const slots = layout.slots.map(({ name, dims, offset }, i) => ({ name, dims, offset, decays: parameters[i].decays }));
  const spec = {
    depth,
    classes,
    shape,
    batch,
    rates,
    momentum,
    nesterov,
    decay,
    rate,
    threads,
    ...normalisation,
    slots,
  };
  writeFileSync(join(place, 'spec.json'), JSON.stringify(spec));
  const script = join(import.meta.dirname, '..', '..', 'tools', 'peers', 'imagenet.py');
  const printed = execFileSync(python, [script, place], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  const theirs = JSON.parse(printed) as { torch: string; losses: number[]; milliseconds: number[] };
  const bytes = readFileSync(join(place, 'after.f32'));
  const after = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  rmSync(place, { recursive: true });
  let largest = 0;
  let difference = 0;
  let moved = 0;
  state.live.parameters.forEach((value, i) => {
    largest = Math.max(largest, Math.abs(value - after[i]));
    difference += (value - after[i]) ** 2;
    moved += (after[i] - before[i]) ** 2;
  });
  const lossDifference = largestOf(losses.map((loss, i) => Math.abs(loss - theirs.losses[i])));
  console.log(
    `PyTorch ${theirs.torch}: ${median(theirs.milliseconds).toFixed(0)} ms; after ${count} updates losses differ by ` +
      `${lossDifference.toExponential(1)}, weights by ${largest.toExponential(1)} at most, ` +
      `what they moved by ${Math.sqrt(difference / moved).toExponential(1)} of itself`,
  );
}
