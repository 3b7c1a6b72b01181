import { expect, it } from 'vitest';
import { GraphBuilder } from '../../onnx/builder.ts';
import { writeModel } from '../../onnx/write.ts';
import { modelOf } from '../../testing/onnx.ts';
import { nodeRuntime } from './runtime.ts';
import { Tensor } from './onnxruntime.ts';

it('zeros around an image stay zeros for the maximum behind them, which ONNX Runtime would leave out', async () => {
  const b = new GraphBuilder('padded');
  b.input('x', 'float32', [1, 1, 2, 2]);
  const padded = b.op('Pad', ['x', b.ints([0, 0, 1, 1, 0, 0, 1, 1])]);
  b.node('MaxPool', [padded], ['y'], { kernel_shape: [2, 2], strides: [2, 2] });
  b.output('y', 'float32', [1, 1, 2, 2]);
  const session = await nodeRuntime.createSession(writeModel(modelOf(b.build())));
  const { y } = await session.run({ x: new Tensor('float32', Float32Array.of(-1, -2, -3, -4), [1, 1, 2, 2]) });
  expect([...(y.data as Float32Array)]).toEqual([0, 0, 0, 0]);
  await session.release();
});
