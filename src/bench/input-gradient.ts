/*
 * The price of an input gradient: forward and backward pass of a model against its forward pass, in turn, in one
 * process.
 *
 *     npm run bench -- input-gradient [MODEL] [--batch 128] [--threads 2] [--pairs 15]
 *
 * MODEL: default cifar10_resnet20, looked for in GIMBAL_SHARED (default ../shared). Prints the median time of each and
 * the median of the paired ratios.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { InferenceSession, Tensor } from '../node/runtime/onnxruntime.ts';
import { differentiate } from '../gradients/differentiate.ts';
import { withLoss } from '../gradients/with-loss.ts';
import { pruneGraph } from '../onnx/prune.ts';
import { readModel } from '../onnx/read.ts';
import { toWorkingOpset } from '../onnx/upgrade.ts';
import { writeModel } from '../onnx/write.ts';
import type { Model } from '../onnx/graph.ts';
import { sharedModelPath } from '../testing/onnx.ts';
import { median } from './median.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    batch: { type: 'string', default: '128' },
    threads: { type: 'string', default: '2' },
    pairs: { type: 'string', default: '15' },
  },
});
const [path = sharedModelPath('cifar10_resnet20')] = positionals;
const [batch, threads, pairs] = [values.batch, values.threads, values.pairs].map(Number);

const model = toWorkingOpset(readModel(readFileSync(path)));
const {
  inputs: [input],
  outputs: [output],
} = model.graph;
const { graph, labels, loss, losses } = withLoss(model.graph, { scores: output.name });
const { graph: full, gradients } = differentiate(graph, { output: loss, by: [input.name] });
const backward = { ...model, graph: pruneGraph(full, [output.name, losses, gradients.get(input.name) as string]) };

const open = (m: Model) =>
  InferenceSession.create(writeModel(m), { intraOpNumThreads: threads, enableMemPattern: false, logSeverityLevel: 3 });
const sessions = [await open(model), await open(backward)];
const dims = (input.shape as readonly (number | string)[]).map((d, axis) =>
  typeof d === 'number' && axis > 0 ? d : batch,
);
const images = new Tensor(
  'float32',
  Float32Array.from({ length: dims.reduce((a, d) => a * d) }, (_, i) => 0.5 + 0.5 * Math.sin(12.9898 * i)),
  dims,
);
const feeds: Record<string, Tensor>[] = [
  { [input.name]: images },
  { [input.name]: images, [labels]: new Tensor('int64', new BigInt64Array(batch), [batch]) },
];

async function time(i: number): Promise<number> {
  // Idle threads of the other session spin for a while and would slow this one.
  await new Promise((resolve) => setTimeout(resolve, 100));
  const start = performance.now();
  await sessions[i].run(feeds[i]);
  return performance.now() - start;
}

for (let i = 0; i < 3; i++) for (const s of [0, 1]) await time(s);
const times: [forward: number, both: number][] = [];
for (let i = 0; i < pairs; i++) {
  const [first, second] = i % 2 === 0 ? [0, 1] : [1, 0];
  const pair: [number, number] = [0, 0];
  pair[first] = await time(first);
  pair[second] = await time(second);
  times.push(pair);
}
console.log(`batch ${batch}, ${threads} threads, ${pairs} pairs`);
console.log(`forward              ${median(times.map(([f]) => f)).toFixed(1)} ms`);
console.log(`forward and backward ${median(times.map(([, b]) => b)).toFixed(1)} ms`);
console.log(`ratio                ${median(times.map(([f, b]) => b / f)).toFixed(2)}`);
