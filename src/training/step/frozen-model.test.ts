import { expect, it } from 'vitest';
import { nodeRuntime } from '../../node/runtime/runtime.ts';
import { randomStream } from '../../random/stream.ts';
import { architectureNamed } from '../architectures/index.ts';
import { initialise } from '../network/initialisers.ts';
import { Network } from '../network/network.ts';
import { freeze, FrozenSession, isNewSessionDear } from './frozen-model.ts';

function networkOf(architecture: string, depth: number, width: number, side: number): Network {
  return new Network({
    architecture: architectureNamed(architecture),
    options: { depth, width },
    shape: { channels: 1, height: side, width: side },
    classes: 10,
    mean: [0.5],
    std: [0.25],
  });
}

it.each([
  ['mnist-convnet', 4, 16, 28],
  ['resnet', 8, 16, 16],
])(
  'one session for all weights gives the scores of a session for these weights: %s',
  async (architecture, depth, width, side) => {
    const network = networkOf(architecture, depth, width, side);
    const stream = randomStream(0, 'test');
    // Not a multiple of the rows that go through together: the last part is filled up.
    const rows = 150;
    const images = Float32Array.from({ length: rows * side * side }, (_, i) => stream.uniform4(i, 0)[0]);
    const session = await FrozenSession.open(network, nodeRuntime, 1, 'cpu');
    for (const seed of [0, 1]) {
      const state = {
        parameters: initialise(network.layout, network.parameters, seed),
        statistics: Float32Array.from({ length: network.statistics.total }, (_, i) => 0.5 + (i % 7) / 7),
      };
      const constant = await freeze(network, state, nodeRuntime, 1);
      const reused = await freeze(network, state, nodeRuntime, 1, undefined, session);
      const [expected, scores] = [await constant.logits(images, rows), await reused.logits(images, rows)];
      expect(scores).toHaveLength(10 * rows);
      scores.forEach((score, i) => expect(Math.abs(score - expected[i])).toBeLessThan(1e-4));
      await Promise.all([constant.release(), reused.release()]);
    }
    await session.release();
  },
);

it('takes one session where dense layers are large', () => {
  expect(isNewSessionDear(networkOf('mnist-convnet', 4, 32, 28))).toBe(true);
  expect(isNewSessionDear(networkOf('resnet', 20, 32, 32))).toBe(false);
});
