import { Tensor } from 'onnxruntime-common';
import { expect, it } from 'vitest';
import { nodeRuntime } from '../node/runtime/runtime.ts';
import { GraphBuilder } from '../onnx/builder.ts';
import { writeModel } from '../onnx/write.ts';
import { modelOf } from '../testing/onnx.ts';
import { ensembleModel, type Member } from './ensemble.ts';
import { prepareModel } from './prepare.ts';

/** Answers an image whose red values have the mean p with the scores p·(0, 1), or with their probabilities. */
function ofRed(answer: 'logits' | 'probabilities', layout: 'nchw' | 'nhwc' = 'nchw'): Uint8Array {
  const b = new GraphBuilder('red');
  const x = b.input('x', 'float32', layout === 'nchw' ? ['N', 3, 4, 4] : ['N', 4, 4, 3]);
  const red = b.op('Slice', [x, b.ints([0]), b.ints([1]), b.ints([layout === 'nchw' ? 1 : 3])]);
  const mean = b.op('ReduceMean', [red], { axes: [1, 2, 3], keepdims: 1 });
  const scores = b.op('Mul', [b.op('Reshape', [mean, b.ints([-1, 1])]), b.constant([0, 1], [1, 2])]);
  b.outputAs('y', answer === 'logits' ? scores : b.op('Softmax', [scores], { axis: 1 }), 'float32', ['N', 2]);
  return writeModel(modelOf(b.build(), 17));
}

async function member(name: string, bytes: Uint8Array, hints = {}): Promise<Member> {
  return { name, prepared: await prepareModel(nodeRuntime, bytes, hints) };
}

it('answers with the logarithm of the mean of the probabilities, each model fed in its own way', async () => {
  const model = ensembleModel([
    await member('a', ofRed('logits')),
    await member('b', ofRed('probabilities', 'nhwc'), { scale: '0,1', mean: [0.5], std: [0.25] }),
    await member('c', ofRed('logits'), { scale: '0,1', mean: [0.25], std: [1] }),
  ]);
  const session = await nodeRuntime.createSession(writeModel(model), { threads: 1 });
  const pixels = Float32Array.from({ length: 2 * 48 }, (_, i) => (i >= 48 && i < 64 ? 0.75 : 0));
  const { logits } = await session.run({ input: new Tensor('float32', pixels, [2, 3, 4, 4]) }, ['logits']);
  await session.release();
  const probability = (score: number): number => 1 / (1 + Math.exp(-score));
  const means = [0, 0.75].map((p) => (probability(p) + probability((p - 0.5) / 0.25) + probability(p - 0.25)) / 3);
  const expected = means.flatMap((mean) => [Math.log(1 - mean), Math.log(mean)]);
  [...(logits.data as Float32Array)].forEach((value, i) => expect(value).toBeCloseTo(expected[i], 5));
  expect(model.metadata.get('gimbal.ensemble')).toBe('["a","b","c"]');
});

it('refuses models that answer to something else, and names both', async () => {
  const b = new GraphBuilder('three');
  const x = b.input('x', 'float32', ['N', 3, 4, 4]);
  const means = b.op('ReduceMean', [x], { axes: [2, 3], keepdims: 0 });
  b.outputAs('y', means, 'float32', ['N', 3]);
  const [two, three] = [
    await member('two', ofRed('logits')),
    await member('three', writeModel(modelOf(b.build(), 17))),
  ];
  expect(() => ensembleModel([two, three])).toThrow(
    'takes any number of images of 3×4×4 at a time and tells 3 classes, while two takes any number of images ' +
      'of 3×4×4 at a time and tells 2',
  );
});
