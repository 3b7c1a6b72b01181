import { Tensor } from 'onnxruntime-common';
import { expect, it } from 'vitest';
import { nodeRuntime } from '../../node/runtime/runtime.ts';
import { writeModel } from '../../onnx/write.ts';
import { architectureNamed } from '../architectures/index.ts';
import { initialise } from '../network/initialisers.ts';
import { Network } from '../network/network.ts';
import { modelOf, openGraph } from '../step/session.ts';
import { inHalfPrecision } from './half-precision.ts';

it('keeps the weights in half the bytes and computes the same up to their rounding', async () => {
  const network = new Network({
    architecture: architectureNamed('resnet9'),
    options: { depth: 9, width: 8 },
    shape: { channels: 3, height: 16, width: 16 },
    classes: 10,
    mean: [0.5, 0.5, 0.5],
    std: [0.25, 0.25, 0.25],
  });
  const statistics = new Float32Array(network.statistics.total);
  for (const { name, offset, size } of network.statistics.slots)
    if (name.endsWith('.variance')) statistics.fill(1, offset, offset + size);
  const whole = network.inferenceGraph({ parameters: initialise(network.layout, network.parameters, 0), statistics });
  const half = inHalfPrecision(whole);
  expect(writeModel(modelOf(half)).length).toBeLessThan(0.55 * writeModel(modelOf(whole)).length);
  const input = new Tensor(
    'float32',
    Float32Array.from({ length: 2 * 3 * 256 }, (_, i) => (i % 97) / 97),
    [2, 3, 16, 16],
  );
  const [a, b] = await Promise.all(
    [whole, half].map(
      async (graph) => (await (await openGraph(graph, nodeRuntime, 1)).run({ input })).logits.data as Float32Array,
    ),
  );
  const size = Math.sqrt(a.reduce((sum, v) => sum + v * v, 0));
  expect(Math.sqrt(a.reduce((sum, v, i) => sum + (v - b[i]) ** 2, 0)) / size).toBeLessThan(2e-3);
  expect(b).not.toEqual(a);
});
