import { Tensor } from 'onnxruntime-common';
import type { Graph } from '../../onnx/graph.ts';
import { randomStream } from '../../random/stream.ts';
import type { Runtime, Session } from '../../runtime/runtime.ts';
import { openLowered } from './open-lowered.ts';
import { varianceOf } from '../network/trainable.ts';
import { openGraph } from './session.ts';
import { withBatch } from './with-batch.ts';

/**
 * Opens a training graph in the blocked layout where that is possible, else as it is.
 * @param rows of every batch that will be run
 * @param onNotice takes one line where the blocked layout cannot be used
 */
export async function openFastest(
  graph: Graph,
  rows: number,
  runtime: Runtime,
  threads: number,
  onNotice: (text: string) => void = () => {},
): Promise<Session> {
  const fixed = withBatch(graph, rows);
  const lowered = await openLowered(fixed, sampleOf(fixed), runtime, threads);
  if ('session' in lowered) return lowered.session;
  onNotice(`Training in the plain layout: ${lowered.refusal}.`);
  return openGraph(graph, runtime, threads);
}

/**
 * Numbers like those of training for a trial: images, targets and variances in [0, 1], parameters near those of a
 * start.
 */
function sampleOf(graph: Graph): Record<string, Tensor> {
  const stream = randomStream(0, 'trial');
  return Object.fromEntries(
    graph.inputs.map(({ name, shape = [] }, input) => {
      const dims = shape as readonly number[];
      const size = dims.reduce((product, d) => product * d, 1);
      const data = new Float32Array(size);
      const isPositive = name === 'input' || name === 'targets' || name.endsWith(varianceOf(''));
      const scale = name === 'targets' ? 1 / dims[0] : isPositive ? 1 : Math.sqrt(2 / Math.max(1, size / dims[0]));
      for (let i = 0; i < size; i += 4) {
        const draws = isPositive ? stream.uniform4(input, i) : stream.normal4(input, i);
        for (let j = 0; j < 4 && i + j < size; j++) data[i + j] = scale * draws[j];
      }
      return [name, new Tensor('float32', data, dims)];
    }),
  );
}
