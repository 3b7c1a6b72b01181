/*
 * How much of bare ONNX Runtime's rate the whole pipeline keeps: transformation, preprocessing, session and logits of
 * an exhaustive grid, on 2 threads, against `session.run` on ready batches of the same size with 2 threads in the same
 * process.
 *
 *     npm run bench -- pipeline [MODEL …] [--rounds 9] [--seconds 0.6] [--batch N]
 *
 * The two run in turn, each for these seconds of a round; figures are medians over the rounds. A model is a name of
 * those below, which are looked for in GIMBAL_SHARED (default ../shared), or a file, whose shifts go up to 3 px.
 */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { Tensor } from 'onnxruntime-common';
import { describeModel } from '../model/describe.ts';
import { loadModel } from '../node/runtime/open.ts';
import { nodeRuntime } from '../node/runtime/runtime.ts';
import { startClassifier } from '../node/runtime/start.ts';
import { readModel } from '../onnx/read.ts';
import { sharedModelPath } from '../testing/onnx.ts';
import type { Transformation } from '../transform/transformation.ts';
import { median } from './median.ts';

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '9' },
    seconds: { type: 'string', default: '0.6' },
    batch: { type: 'string' },
  },
});
const THREADS = 2;
const ROUNDS = Number(flags.rounds);
const SECONDS = Number(flags.seconds);

interface Case {
  readonly model: string;
  /** Ratio that is wanted. */
  readonly target?: number;
  /** tx, ty in pixels, angle in degrees. */
  readonly limits: readonly [number, number, number];
  readonly asInFile?: boolean;
}

const CASES: readonly Case[] = [
  { model: 'cifar10_resnet20', target: 0.9, limits: [3, 3, 30] },
  // The file fixes its batch at 1; Gimbal frees it. Against the file as it is, and against free batches of the same
  // size.
  { model: 'mnist_convnet_maxpool', target: 0.7, limits: [3, 3, 30], asInFile: true },
  { model: 'mnist_convnet_maxpool', target: 0.7, limits: [3, 3, 30] },
  { model: 'squeezenet1.1', target: 0.9, limits: [24, 24, 30] },
];

/** The paper's grid of 775 transformations. */
function grid([tx, ty, angle]: Case['limits']): Transformation[] {
  const spaced = (limit: number, n: number): number[] =>
    Array.from({ length: n }, (_, i) => -limit + (2 * limit * i) / (n - 1));
  return spaced(tx, 5).flatMap((x) =>
    spaced(ty, 5).flatMap((y) => spaced(angle, 31).map((a) => ({ tx: x, ty: y, angle: a }))),
  );
}

async function measure({ model, target, limits, asInFile = false }: Case) {
  const path = model.endsWith('.onnx') ? model : sharedModelPath(model);
  const prepared = await loadModel(path);
  const classifier = await startClassifier(prepared, {
    threads: THREADS,
    batch: flags.batch === undefined ? undefined : Number(flags.batch),
  });
  const { batch, shape } = classifier;
  const size = shape.channels * shape.height * shape.width;
  const { input } = prepared.description;
  const bytes = await readFile(path);
  const perRun = asInFile ? Number(describeModel(readModel(bytes)).input.batch) : batch;
  const session = await nodeRuntime.createSession(asInFile ? bytes : prepared.bytes, { threads: THREADS });
  const ready = new Tensor(
    'float32',
    Float32Array.from({ length: perRun * size }, (_, i) => (i * 0.618) % 1),
    [perRun, ...input.dims],
  );
  const images = Array.from({ length: 8 }, (_, k) => {
    const pixels = new Float32Array(new SharedArrayBuffer(4 * size));
    for (let i = 0; i < size; i++) pixels[i] = (i * 0.618 + k / 8) % 1;
    return pixels;
  });
  const candidates = grid(limits);
  let position = 0;

  async function bare(): Promise<number> {
    const start = performance.now();
    let done = 0;
    do {
      await session.run({ [input.name]: ready });
      done += perRun;
    } while (performance.now() - start < SECONDS * 1000);
    return (1000 * done) / (performance.now() - start);
  }

  async function pipeline(): Promise<number> {
    const start = performance.now();
    let done = 0;
    const lane = async () => {
      do {
        const image = Math.floor(position / candidates.length) % images.length;
        const trials = Array.from({ length: batch }, (_, i) => ({
          image,
          transformations: [candidates[(position + i) % candidates.length]],
        }));
        position += batch;
        await classifier.logits({ images, trials });
        done += batch;
      } while (performance.now() - start < SECONDS * 1000);
    };
    await Promise.all(Array.from({ length: classifier.parallelism }, lane));
    return (1000 * done) / (performance.now() - start);
  }

  await pipeline();
  await bare();
  const rounds: number[][] = [];
  for (let i = 0; i < ROUNDS; i++)
    rounds.push(i % 2 === 0 ? [await bare(), await pipeline()] : [await pipeline(), await bare()].reverse());
  await session.release();
  await classifier.close();
  const [bareRate, pipelineRate, ratio] = [
    rounds.map(([a]) => a),
    rounds.map(([, b]) => b),
    rounds.map(([a, b]) => b / a),
  ].map(median);
  return {
    model,
    batch: batch,
    'bare batch': perRun,
    'bare images/s': Math.round(bareRate),
    'pipeline images/s': Math.round(pipelineRate),
    ratio: Number(ratio.toFixed(3)),
    target,
  };
}

const named = CASES.filter(({ model }) => positionals.length === 0 || positionals.includes(model));
const files = positionals
  .filter((path) => path.endsWith('.onnx'))
  .map((model): Case => ({ model, limits: [3, 3, 30] }));
const table = [];
for (const row of [...named, ...files]) table.push(await measure(row));
console.table(table);
