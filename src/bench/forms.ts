/*
 * What the loops in TypeScript bring beside the graphs that say the same: both on one thread of the CPU, in turn.
 * The graph's time includes handing tensors over, as an update on the CPU would have to.
 *
 *     npm run bench -- forms [--share 1] [--rounds 21]
 *
 * --share: part of the images and parameters to work on. Prints the median time of each form in ms.
 */
import { parseArgs } from 'node:util';
import { Tensor } from 'onnxruntime-common';
import { nodeRuntime } from '../node/runtime/runtime.ts';
import { GraphBuilder } from '../onnx/builder.ts';
import { randomStream } from '../random/stream.ts';
import { argMax } from '../statistics/cross-entropy.ts';
import { drawTransformation } from '../sets/draws.ts';
import { createWarp } from '../transform/warp.ts';
import type { Trainable } from '../training/network/trainable.ts';
import { MAP_SIZE, warpGraph, writeMap } from '../training/device/warp-graph.ts';
import { moved } from '../training/device/pixel-attack.ts';
import { worstMaps } from '../training/device/worst-candidates.ts';
import { byCrossEntropy } from '../training/objectives/candidates.ts';
import { stepWithin } from '../training/objectives/linf.ts';
import { adamCorrections, adamw, adamwGraph } from '../training/optimizers/adamw.ts';
import type { Optimizer, OptimizerGraph } from '../training/optimizers/optimizer.ts';
import { sgd, sgdGraph } from '../training/optimizers/sgd.ts';
import { sideBySide } from '../training/optimizers/sgd-kernel.ts';
import { openGraph } from '../training/step/session.ts';
import { median } from './median.ts';

const { values } = parseArgs({
  options: { share: { type: 'string', default: '1' }, rounds: { type: 'string', default: '21' } },
});
const [share, rounds] = [values.share, values.rounds].map(Number);
const part = (count: number): number => Math.max(1, Math.round(share * count));

interface Forms {
  readonly name: string;
  loop(): void;
  readonly write: (b: GraphBuilder) => void;
  readonly feeds: Readonly<Record<string, Tensor>>;
}

const shape = { channels: 3, height: 32, width: 32 };
const SIZE = 3 * 32 * 32;
const stream = randomStream(0, 'forms');
const uniform = (length: number): Float32Array => {
  const numbers = new Float32Array(length);
  for (let i = 0; i < length; i += 4) numbers.set(stream.uniform4(i, length).slice(0, length - i), i);
  return numbers;
};
const tensor = (data: Float32Array, ...dims: number[]): Tensor => new Tensor('float32', data, dims);

function warping(): Forms {
  const rows = part(1280);
  const images = uniform(rows * SIZE);
  const draws = Array.from({ length: rows }, (_, i) => drawTransformation({ tx: 3, ty: 3, angle: 30 }, stream, i));
  const maps = new Float32Array(rows * MAP_SIZE);
  draws.forEach((t, i) => writeMap(t, shape, maps, i * MAP_SIZE));
  const [warp, target] = [createWarp(shape), new Float32Array(images.length)];
  return {
    name: `warp, ${rows} images`,
    loop: () => draws.forEach((t, i) => warp.apply(images.subarray(i * SIZE, (i + 1) * SIZE), t, target, i * SIZE)),
    write: (b) =>
      b.outputAs(
        'y',
        warpGraph(b, b.input('x', 'float32', [rows, 3, 32, 32]), b.input('maps', 'float32', [rows, MAP_SIZE]), shape),
        'float32',
      ),
    feeds: { x: tensor(images, rows, 3, 32, 32), maps: tensor(maps, rows, MAP_SIZE) },
  };
}

function choosing(): Forms {
  const [batch, candidates, classes] = [part(128), 10, 10];
  const logits = uniform(batch * candidates * classes);
  const labels = Array.from({ length: batch }, (_, i) => i % classes);
  const hot = Float32Array.from({ length: batch * classes }, (_, i) =>
    Number(i % classes === labels[Math.floor(i / classes)]),
  );
  const badness = byCrossEntropy(labels, classes);
  const network = { shape: { channels: 1, height: 1, width: 1 }, classes } as Trainable;
  return {
    name: `worst of ${candidates}, ${batch} images`,
    loop: () =>
      labels.forEach((_, i) => {
        const rowsOf = Array.from({ length: candidates }, (__, k) => (i * candidates + k) * classes);
        argMax(
          rowsOf.map((row) => badness(logits, row, i)),
          0,
          candidates,
        );
      }),
    write: (b) => {
      const scores = b.input('logits', 'float32', [batch * candidates, classes]);
      const [images, maps] = [b.constant(0), b.input('maps', 'float32', [batch, candidates, MAP_SIZE])];
      const each = b.op('Expand', [images, b.ints([batch, 1, 1, 1])]);
      const of = { network, batch, candidates };
      const chosen = worstMaps(b, of, each, maps, b.input('labels', 'float32', [batch, classes]), () => scores);
      b.outputAs('y', chosen, 'float32');
    },
    feeds: {
      logits: tensor(logits, batch * candidates, classes),
      maps: tensor(new Float32Array(batch * candidates * MAP_SIZE), batch, candidates, MAP_SIZE),
      labels: tensor(hot, batch, classes),
    },
  };
}

function stepping(): Forms {
  const rows = part(128);
  const [images, slopes] = [uniform(rows * SIZE), uniform(rows * SIZE).map((v) => v - 0.5)];
  const x = images.slice();
  const attack = { epsilon: 8 / 255, steps: 1, stepSize: 2 / 255 };
  return {
    name: `pixel step, ${rows} images`,
    loop: () => stepWithin(attack, images, slopes, x),
    write: (b) => {
      const [of, slope] = ['x', 'slope'].map((name) => b.input(name, 'float32', [rows, 3, 32, 32]));
      b.outputAs('y', moved(b, attack, of, of, slope), 'float32');
    },
    feeds: { x: tensor(images, rows, 3, 32, 32), slope: tensor(slopes, rows, 3, 32, 32) },
  };
}

function optimizing(name: string, optimizer: Optimizer, graph: OptimizerGraph): Forms {
  const length = part(500_000);
  const [p, g, ...memory] = sideBySide(2 + optimizer.memories, length);
  p.set(uniform(length));
  g.set(uniform(length));
  const ranges = [{ start: 0, end: length, decay: 5e-4, scale: 1 }];
  const names = memory.map((_, i) => `m${i}`);
  return {
    name: `${name}, ${length} parameters`,
    loop: () => optimizer.update(p, g, memory, 0, 1e-6, ranges),
    write: (b) => {
      const [parameters, gradient, ...memories] = ['p', 'g', ...names].map((one) => b.input(one, 'float32', [length]));
      const [correction1, correction2] = adamCorrections(0).map((value) => b.constant(value));
      const given = { parameters, gradient, memories, decay: 5e-4, scale: 1, rate: b.constant(1e-6) };
      const next = graph.update(b, { ...given, correction1, correction2 });
      [next.parameters, ...next.memories].forEach((value, i) => b.outputAs(`y${i}`, value, 'float32'));
    },
    feeds: Object.fromEntries(['p', 'g', ...names].map((one, i) => [one, tensor([p, g, ...memory][i], length)])),
  };
}

console.log('| | loop, ms | graph, ms |\n|---|--:|--:|');
const nesterov = { momentum: 0.9, nesterov: true };
for (const { name, loop, write, feeds } of [
  warping(),
  choosing(),
  stepping(),
  optimizing('SGD', sgd(nesterov), sgdGraph(nesterov)),
  optimizing('AdamW', adamw(), adamwGraph()),
]) {
  const b = new GraphBuilder('form');
  write(b);
  const session = await openGraph(b.build(), nodeRuntime, 1);
  const times: [loop: number[], graph: number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    loop();
    const between = performance.now();
    await session.run(feeds);
    times[0].push(between - start);
    times[1].push(performance.now() - between);
  }
  await session.release();
  console.log(`| ${name} | ${times.map((of) => median(of).toFixed(2)).join(' | ')} |`);
}
