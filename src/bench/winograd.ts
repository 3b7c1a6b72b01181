/*
 * Convolutions by 3×3 as they stand against minimal filters (src/onnx/winograd), in turn on one thread:
 *
 *     npm run bench -- winograd [--seconds 5] [--shapes 23]
 *     npm run bench -- winograd models/cifar10-robust.onnx …
 *
 * The first: two of a shape in a row, for the first so many shapes: the ratio measured, and the one expected by the
 * rule. The second: whole classifiers, 64 images of 32 pixels (4 of 224) at a time.
 */
import { parseArgs } from 'node:util';
import { Tensor } from 'onnxruntime-common';
import { tiledForm } from '../model/tiled-form.ts';
import { loadModel } from '../node/runtime/open.ts';
import { nodeRuntime } from '../node/runtime/runtime.ts';
import { GraphBuilder } from '../onnx/builder.ts';
import { inferShapes } from '../onnx/infer.ts';
import { pruneGraph } from '../onnx/prune.ts';
import { writeModel } from '../onnx/write.ts';
import {
  constantFloats,
  directCost,
  tiledConvolution,
  tiledCost,
  type TiledConvolution,
} from '../onnx/winograd/convolution.ts';
import { PixelsFirst } from '../onnx/winograd/pixels-first.ts';
import type { Graph } from '../onnx/graph.ts';
import type { ModelFile } from '../runtime/model-file.ts';
import type { Session } from '../runtime/runtime.ts';
import { largestOf } from '../statistics/extremes.ts';
import { median } from './median.ts';

const { values: flags, positionals: paths } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: 'string', default: '5' }, shapes: { type: 'string', default: '1000' } },
});
const SECONDS = Number(flags.seconds);
type Shape = readonly [channels: number, outputs: number, size: number, batch: number];
const SHAPES: readonly Shape[] = [
  [32, 32, 32, 64],
  [64, 64, 32, 64],
  [64, 64, 16, 64],
  [128, 128, 16, 64],
  [128, 128, 8, 64],
  [96, 96, 15, 64],
  [96, 384, 15, 64],
  [256, 256, 15, 64],
  [256, 256, 8, 64],
  [256, 256, 7, 64],
  [384, 384, 7, 64],
  [384, 384, 3, 64],
  [512, 512, 4, 64],
  [64, 64, 56, 4],
  [128, 128, 112, 4],
  [128, 128, 56, 4],
  [128, 128, 28, 4],
  [128, 128, 28, 64],
  [256, 256, 56, 4],
  [512, 512, 28, 4],
  [256, 256, 14, 4],
  [512, 512, 7, 4],
  [512, 512, 14, 4],
];

function pair([channels, outputs, size]: Shape): Graph {
  const b = new GraphBuilder('pair');
  const weights = (k: number, c: number): string =>
    b.initializer('w', {
      type: 'float32',
      dims: [k, c, 3, 3],
      data: Float32Array.from({ length: 9 * k * c }, () => (Math.random() - 0.5) / Math.sqrt(3 * c)),
    });
  const conv = (x: string, k: number, c: number): string =>
    b.op('Relu', [b.op('Conv', [x, weights(k, c), b.constant(new Array(k).fill(0.1))], { pads: [1, 1, 1, 1] })]);
  const x = b.input('x', 'float32', ['batch', channels, size, size]);
  b.output(conv(conv(x, outputs, channels), channels, outputs), 'float32');
  return b.build();
}

function tiledPair(graph: Graph, batch: number): { graph: Graph; expected: number } {
  const constantOf = constantFloats(graph);
  const infos = inferShapes(graph);
  const tiled = graph.nodes.flatMap((node) => tiledConvolution(node, infos, constantOf) ?? []);
  const total = (cost: (convolution: TiledConvolution) => number): number =>
    tiled.reduce((sum, convolution) => sum + cost(convolution), 0);
  const byNode = new Map(tiled.map((convolution) => [convolution.node, convolution]));
  return {
    graph: pruneGraph(new PixelsFirst(graph, byNode, constantOf).writeAll()),
    expected: total(directCost) / total((convolution) => tiledCost(convolution, batch)),
  };
}

const difference = (a: Float32Array, b: Float32Array): number =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);

/** Runs two sessions in turn. */
async function inTurn(
  sessions: readonly Session[],
  feeds: Readonly<Record<string, Tensor>>,
  fetches: readonly (readonly string[])[],
) {
  const results: Record<string, Tensor>[] = [];
  for (const session of sessions) results.push(await session.run(feeds, fetches[results.length]));
  const times = sessions.map((): number[] => []);
  for (const end = performance.now() + 1000 * SECONDS; performance.now() < end;) {
    for (const [i, session] of sessions.entries()) {
      const start = performance.now();
      await session.run(feeds, fetches[i]);
      times[i].push(performance.now() - start);
    }
  }
  for (const session of sessions) await session.release();
  return { results, times: times.map(median), faster: median(times[0].map((time, i) => time / times[1][i])) };
}

const open = (model: ModelFile): Promise<Session> => nodeRuntime.createSession(model, { threads: 1 });

async function compareModel(path: string): Promise<void> {
  const prepared = await loadModel(path);
  const { input, output } = prepared.description;
  const batch = input.dims.reduce((a, b) => a * b, 1) > 100_000 ? 4 : 64;
  const tiled = await tiledForm(nodeRuntime, prepared, batch);
  if (tiled === undefined) return console.log(`${path}: nothing is gained`);
  const images = new Tensor(
    'float32',
    Float32Array.from({ length: batch * input.dims.reduce((a, b) => a * b, 1) }, () => Math.random()),
    [batch, ...input.dims],
  );
  const { results, times, faster } = await inTurn(
    await Promise.all([prepared, tiled].map(({ bytes }) => open(bytes))),
    { [input.name]: images },
    [[output.name], [output.name]],
  );
  const [a, b] = results.map((result) => result[output.name].data as Float32Array);
  console.log(
    `${path}: ${faster.toFixed(2)} times as fast (${times.map((t) => t.toFixed(0)).join(' and ')} ms); ` +
      `largest difference of scores ${difference(a, b).toExponential(1)} of ` +
      `${largestOf(a.map(Math.abs)).toFixed(1)}`,
  );
}

async function compareShape(shape: Shape): Promise<void> {
  const [channels, outputs, size, batch] = shape;
  const graph = pair(shape);
  const { graph: other, expected } = tiledPair(graph, batch);
  const [name] = graph.outputs.map((info) => info.name);
  const bytes = [graph, other].map((g) =>
    writeModel({ irVersion: 9, opsets: new Map([['', 20]]), producer: 'bench', metadata: new Map(), graph: g }),
  );
  const feeds = {
    x: new Tensor(
      'float32',
      Float32Array.from({ length: batch * channels * size * size }, () => Math.random()),
      [batch, channels, size, size],
    ),
  };
  const { results, times, faster } = await inTurn(await Promise.all(bytes.map(open)), feeds, [[name], [name]]);
  const columns: [text: string | number, width?: number][] = [
    [`${channels} → ${outputs}`.padEnd(9)],
    [size, 6],
    [batch, 6],
    [times[0].toFixed(1), 10],
    [times[1].toFixed(1), 10],
    [faster.toFixed(2), 8],
    [expected.toFixed(2), 10],
    [difference(results[0][name].data as Float32Array, results[1][name].data as Float32Array).toExponential(1), 13],
  ];
  console.log(columns.map(([text, width = 9]) => String(text).padStart(width)).join(' '));
}

for (const path of paths) await compareModel(path);
if (paths.length === 0) console.log('channels    size  batch  direct ms   tiled ms   faster   expected    difference');
for (const shape of paths.length === 0 ? SHAPES.slice(0, Number(flags.shapes)) : []) await compareShape(shape);
