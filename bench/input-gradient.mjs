// The price of an input gradient: forward and backward pass of a model against its forward pass, in turn, in one process.
//
//     npm run build && node bench/input-gradient.mjs [MODEL] [--batch 128] [--threads 2] [--pairs 15]
//
// MODEL: default cifar10_resnet20, looked for in GIMBAL_SHARED (default ../shared). Prints the median time of each and the
// median of the paired ratios.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { InferenceSession, Tensor } from '../dist/node/runtime/onnxruntime.js';
import { differentiate } from '../dist/gradients/differentiate.js';
import { withLoss } from '../dist/gradients/with-loss.js';
import { pruneGraph } from '../dist/onnx/prune.js';
import { readModel } from '../dist/onnx/read.js';
import { toWorkingOpset } from '../dist/onnx/upgrade.js';
import { writeModel } from '../dist/onnx/write.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    batch: { type: 'string', default: '128' },
    threads: { type: 'string', default: '2' },
    pairs: { type: 'string', default: '15' },
  },
});
const shared = process.env.GIMBAL_SHARED ?? join(import.meta.dirname, '..', '..', 'shared');
const [path = join(shared, 'models', 'cifar10_resnet20.onnx')] = positionals;
const [batch, threads, pairs] = [values.batch, values.threads, values.pairs].map(Number);

const model = toWorkingOpset(readModel(readFileSync(path)));
const {
  inputs: [input],
  outputs: [output],
} = model.graph;
const { graph, labels, loss, losses } = withLoss(model.graph, { scores: output.name });
const { graph: full, gradients } = differentiate(graph, { output: loss, by: [input.name] });
const backward = { ...model, graph: pruneGraph(full, [output.name, losses, gradients.get(input.name)]) };

const open = (m) =>
  InferenceSession.create(writeModel(m), { intraOpNumThreads: threads, enableMemPattern: false, logSeverityLevel: 3 });
const sessions = [await open(model), await open(backward)];
const dims = input.shape.map((d, axis) => (typeof d === 'number' && axis > 0 ? d : batch));
const images = new Tensor(
  'float32',
  Float32Array.from({ length: dims.reduce((a, d) => a * d) }, (_, i) => 0.5 + 0.5 * Math.sin(12.9898 * i)),
  dims,
);
const feeds = [
  { [input.name]: images },
  { [input.name]: images, [labels]: new Tensor('int64', new BigInt64Array(batch), [batch]) },
];

async function time(i) {
  // Idle threads of the other session spin for a while and would slow this one.
  await new Promise((resolve) => setTimeout(resolve, 100));
  const start = performance.now();
  await sessions[i].run(feeds[i]);
  return performance.now() - start;
}
const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];

for (let i = 0; i < 3; i++) for (const s of [0, 1]) await time(s);
const times = [];
for (let i = 0; i < pairs; i++) {
  const [first, second] = i % 2 === 0 ? [0, 1] : [1, 0];
  const pair = [];
  pair[first] = await time(first);
  pair[second] = await time(second);
  times.push(pair);
}
console.log(`batch ${batch}, ${threads} threads, ${pairs} pairs`);
console.log(`forward              ${median(times.map(([f]) => f)).toFixed(1)} ms`);
console.log(`forward and backward ${median(times.map(([, b]) => b)).toFixed(1)} ms`);
console.log(`ratio                ${median(times.map(([f, b]) => b / f)).toFixed(2)}`);
