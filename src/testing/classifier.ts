import { imageSize, type ImageShape } from '../image/image.ts';
import { GraphBuilder } from '../onnx/builder.ts';
import { codeOf } from '../onnx/element-type.ts';
import type { Dimension, Graph } from '../onnx/graph.ts';
import { modelOf } from './onnx.ts';
import { writeModel } from '../onnx/write.ts';

export interface LinearModel {
  readonly shape: ImageShape;
  readonly classes: number;
  readonly input?: 'nchw' | 'nhwc' | 'flat-chw' | 'flat-hwc' | 'nhw';
  readonly type?: 'float32' | 'float16' | 'uint8';
  /** Default: a symbol. */
  readonly batch?: Dimension;
  readonly ending?: 'logits' | 'Softmax' | 'LogSoftmax' | 'Sigmoid' | 'hand-made softmax';
  /** Says the size of the images in the file. Default: true. */
  readonly declared?: boolean;
  /** Element type of the scores. Default: float32. */
  readonly scores?: 'float32' | 'float16';
}

/** Weight of pixel i (CHW) for a class: small numbers that differ for every pair. */
export function linearWeight(pixel: number, cls: number): number {
  return Math.sin(1.7 * pixel + 2.3 * cls + 0.5) / 4;
}

/** Scores of the linear model for values (CHW), before any activation. */
export function linearScores(values: ArrayLike<number>, classes: number): number[] {
  return Array.from({ length: classes }, (_, k) =>
    Array.from(values).reduce((sum, v, i) => sum + v * linearWeight(i, k), 0),
  );
}

/** A linear classifier as people export them: in any layout, type and form of output, with the same scores. */
export function linearGraph(options: LinearModel): Graph {
  const {
    shape,
    classes,
    input = 'nchw',
    type = 'float32',
    batch = 'N',
    ending = 'logits',
    declared = true,
    scores = 'float32',
  } = options;
  const { channels, height, width } = shape;
  const b = new GraphBuilder('linear');
  const dims = {
    nchw: [channels, height, width],
    nhwc: [height, width, channels],
    nhw: [height, width],
    'flat-chw': [imageSize(shape)],
    'flat-hwc': [imageSize(shape)],
  }[input];
  let x = b.input('images', type, [batch, ...dims.map((d) => (declared ? d : null))]);
  if (type !== 'float32') x = b.op('Cast', [x], { to: codeOf('float32') });
  if (input === 'flat-hwc') x = b.op('Reshape', [x, b.ints([-1, height, width, channels])]);
  if (input === 'nhwc' || input === 'flat-hwc') x = b.op('Transpose', [x], { perm: [0, 3, 1, 2] });
  const size = imageSize(shape);
  // A batch that is fixed is fixed inside the graph too, as exporters leave it.
  x = b.op('Reshape', [x, b.ints([typeof batch === 'number' ? batch : -1, size])]);
  const weights = Float32Array.from({ length: size * classes }, (_, i) =>
    linearWeight(Math.floor(i / classes), i % classes),
  );
  let y = b.op('MatMul', [x, b.initializer('weights', { type: 'float32', dims: [size, classes], data: weights })]);
  if (ending === 'hand-made softmax') {
    const e = b.op('Exp', [y]);
    y = b.op('Div', [e, b.op('ReduceSum', [e, b.ints([1])], { keepdims: 1 })]);
  } else if (ending !== 'logits') {
    y = b.op(ending, [y], ending === 'Sigmoid' ? {} : { axis: -1 });
  }
  if (scores === 'float16') y = b.op('Cast', [y], { to: codeOf('float16') });
  b.outputAs('scores', y, scores, [batch, classes]);
  return b.build();
}

export function linearModel(options: LinearModel): Uint8Array {
  return writeModel(modelOf(linearGraph(options), 17));
}
