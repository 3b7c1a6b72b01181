import { expect, it } from 'vitest';
import { imageSize } from '../../image/image.ts';
import { GraphBuilder } from '../../onnx/builder.ts';
import { tensorFrom } from '../../onnx/tensor.ts';
import { randomStream } from '../../random/stream.ts';
import { runGraph } from '../../testing/run-graph.ts';
import { INTERPOLATIONS, type Interpolation, type Transformation } from '../../transform/transformation.ts';
import { createWarp } from '../../transform/warp.ts';
import { fixedWarp } from '../export/fixed-warp.ts';
import { MAP_SIZE, warpGraph, writeMap } from './warp-graph.ts';

/*
 * The warp is written three times: as a loop (transform/), as GridSample along maps that change with every update
 * (here), and as gathered taps of transformations that stand in an exported file. One table holds them to the same
 * pixels.
 */

const TRANSFORMATIONS: readonly Transformation[] = [
  { tx: 0, ty: 0, angle: 0 },
  { tx: 1.3, ty: -0.7, angle: 0 },
  { tx: 0, ty: 0, angle: 90 },
  { tx: -2.2, ty: 0.4, angle: 23 },
  { tx: 9, ty: 9, angle: -170 },
];

const FORMS: Readonly<Record<string, (b: GraphBuilder, image: string, t: Transformation, of: Form) => string>> = {
  'along maps': (b, image, t, { shape, interpolation }) => {
    const map = new Float32Array(MAP_SIZE);
    writeMap(t, shape, map, 0);
    return warpGraph(b, image, b.constant([...map], [1, MAP_SIZE]), shape, interpolation);
  },
  'by gathered taps': (b, image, t, { shape }) => {
    const { channels, height, width } = shape;
    const flat = b.op('Reshape', [image, b.ints([1, channels, height * width])]);
    return b.op('Reshape', [fixedWarp(b, flat, shape, t), b.ints([1, channels, height, width])]);
  },
};

interface Form {
  readonly shape: { readonly channels: number; readonly height: number; readonly width: number };
  readonly interpolation: Interpolation;
}

const cases = Object.keys(FORMS).flatMap((form) =>
  INTERPOLATIONS.filter((interpolation) => form === 'along maps' || interpolation === 'bilinear').flatMap(
    (interpolation) =>
      [
        { channels: 1, height: 5, width: 5 },
        { channels: 3, height: 6, width: 10 },
      ].map((shape) => [form, interpolation, shape] as const),
  ),
);

it.each(cases)('%s, %s: the pixels of the loop, of %j', async (form, interpolation, shape) => {
  const stream = randomStream(0, 'pixels');
  const image = Float32Array.from({ length: imageSize(shape) }, (_, i) => stream.uniform4(i)[0]);
  const dims = [1, shape.channels, shape.height, shape.width];
  const warp = createWarp(shape, { padding: 'zeros', convention: 'gimbal', interpolation });
  for (const t of TRANSFORMATIONS) {
    const b = new GraphBuilder('warp');
    b.outputAs('y', FORMS[form](b, b.input('x', 'float32', dims), t, { shape, interpolation }), 'float32', dims);
    const { y } = await runGraph(b.build(), { x: tensorFrom('float32', image, dims) });
    const expected = new Float32Array(image.length);
    warp.apply(image, t, expected);
    expected.forEach((value, i) => expect(y[i], `${JSON.stringify(t)}, pixel ${i}`).toBeCloseTo(value, 4));
  }
});
