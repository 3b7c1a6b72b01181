// How much of bare ONNX Runtime's rate the whole pipeline keeps: transformation, preprocessing, session and logits of an
// exhaustive grid, on 2 threads, against `session.run` on ready batches of the same size with 2 threads in the same process.
//
//     npm run build && node bench/pipeline.mjs [MODEL …]
//
// The two run in turn; figures are medians over the rounds. Models are looked for in GIMBAL_SHARED (default ../shared).
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describeModel } from '../dist/model/describe.js';
import { loadModel } from '../dist/node/runtime/open.js';
import { nodeRuntime } from '../dist/node/runtime/runtime.js';
import { startClassifier } from '../dist/node/runtime/start.js';
import { readModel } from '../dist/onnx/read.js';

const { Tensor } = createRequire(import.meta.url)('onnxruntime-common');
const shared = process.env.GIMBAL_SHARED ?? join(import.meta.dirname, '..', '..', 'shared');
const THREADS = 2;
const ROUNDS = Number(process.env.ROUNDS ?? 9);
/** Seconds for each side of a round. */
const SECONDS = Number(process.env.SECONDS ?? 0.6);

const CASES = [
  { model: 'cifar10_resnet20', target: 0.9, limits: [3, 3, 30] },
  // The file fixes its batch at 1; Gimbal frees it. Against the file as it is, and against free batches of the same size.
  { model: 'mnist_convnet_maxpool', target: 0.7, limits: [3, 3, 30], asInFile: true },
  { model: 'mnist_convnet_maxpool', target: 0.7, limits: [3, 3, 30] },
  { model: 'squeezenet1.1', target: 0.9, limits: [24, 24, 30] },
];

/** The paper's grid of 775 transformations. */
function grid([tx, ty, angle]) {
  const spaced = (limit, n) => Array.from({ length: n }, (_, i) => -limit + (2 * limit * i) / (n - 1));
  return spaced(tx, 5).flatMap((x) =>
    spaced(ty, 5).flatMap((y) => spaced(angle, 31).map((a) => ({ tx: x, ty: y, angle: a }))),
  );
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

async function measure({ model, target, limits, asInFile = false }) {
  const path = join(shared, 'models', `${model}.onnx`);
  const prepared = await loadModel(path);
  const classifier = await startClassifier(prepared, {
    threads: THREADS,
    batch: process.env.BATCH === undefined ? undefined : Number(process.env.BATCH),
  });
  const { batch, shape } = classifier;
  const size = shape.channels * shape.height * shape.width;
  const { input } = prepared.description;
  const bytes = await readFile(path);
  const perRun = asInFile ? describeModel(readModel(bytes)).input.batch : batch;
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

  async function bare() {
    const start = performance.now();
    let done = 0;
    do {
      await session.run({ [input.name]: ready });
      done += perRun;
    } while (performance.now() - start < SECONDS * 1000);
    return (1000 * done) / (performance.now() - start);
  }

  async function pipeline() {
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
  const rounds = [];
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

const wanted = process.argv.slice(2);
const table = [];
for (const row of CASES.filter(({ model }) => wanted.length === 0 || wanted.includes(model)))
  table.push(await measure(row));
console.table(table);
