import { describe, expect, test } from 'vitest';
import { hasSharedModels, modelOf, sharedModel, wave } from '../testing/onnx.ts';
import { GraphBuilder } from './builder.ts';
import { formatInspection } from './format-inspection.ts';
import { inspectModel } from './inspect.ts';
import { readModel } from './read.ts';
import type { Model } from './graph.ts';

function smallModel(batch: number | string | null, size: number | string = 8): Model {
  const b = new GraphBuilder('net');
  const x = b.input('image', 'float32', [batch, 4, size, size]);
  const w = b.initializer('w', wave([6, 2, 3, 3]));
  const conv = b.op('Conv', [x, w], { group: 2, strides: [2, 2], pads: [1, 1, 1, 1] });
  const up = b.op('ConvTranspose', [conv, b.initializer('v', wave([6, 2, 2, 2]))], { strides: [2, 2] });
  const flat = b.op('Reshape', [up, b.ints([0, -1])]);
  const hidden = b.op('Gemm', [flat, b.initializer('g', wave([128, 5]))]);
  const m = b.op('Identity', [b.initializer('m', wave([5, 3]))]);
  b.outputAs('scores', b.op('Add', [b.op('MatMul', [hidden, m]), b.op('MatMul', [hidden, m])]), 'float32');
  return { ...modelOf(b.build()), metadata: new Map([['classes', 'a,b,c']]) };
}

// Conv: 6·4·4 outputs · 2·3·3; ConvTranspose: 6·4·4 inputs · 2·2·2; Gemm 128·5; twice MatMul 5·3.
const MULTIPLY_ADDS = 96 * 18 + 96 * 8 + 640 + 2 * 15;

describe('inspectModel', () => {
  test('counts of a small net by hand', () => {
    const inspection = inspectModel(smallModel('N'));
    expect(inspection).toMatchObject({
      inputs: [{ name: 'image', type: 'float32', shape: ['N', 4, 8, 8] }],
      outputs: [{ name: 'scores', type: 'float32', shape: ['N', 3] }],
      parameters: 6 * 2 * 9 + 6 * 2 * 4 + 128 * 5 + 15,
      multiplyAdds: MULTIPLY_ADDS,
      opsets: { '': 20 },
      metadata: { classes: 'a,b,c' },
    });
    expect(inspection.operators.slice(0, 2)).toEqual([
      { operator: 'Identity', count: 2 },
      { operator: 'MatMul', count: 2 },
    ]);
    expect(JSON.parse(JSON.stringify(inspection))).toEqual(inspection);
  });

  test('a fixed batch does not change what one image costs', () => {
    expect(inspectModel(smallModel(7)).multiplyAdds).toBe(MULTIPLY_ADDS);
    expect(inspectModel(smallModel(null)).multiplyAdds).toBe(MULTIPLY_ADDS);
  });

  test('free sizes leave the multiply-adds open until they are given', () => {
    expect(inspectModel(smallModel('N', 'H')).multiplyAdds).toBe(null);
    expect(inspectModel(smallModel('N', 'H'), [4, 8, 8]).multiplyAdds).toBe(MULTIPLY_ADDS);
  });

  // ResNet-20 for CIFAR-10: 0.27 million parameters (He et al., 2015, table 6); SqueezeNet 1.1: 1,235,496 parameters
  // and
  // 0.35 thousand million multiply-adds (torchvision's table of weights); MobileNetV2: 300 million (Sandler et al.,
  // 2018, table 4).
  test.skipIf(!hasSharedModels)('published sizes', () => {
    const resnet = inspectModel(readModel(sharedModel('cifar10_resnet20')));
    expect(resnet.parameters / 1e6).toBeCloseTo(0.27, 2);
    expect(resnet.operators[0]).toEqual({ operator: 'Conv', count: 19 });
    const squeezenet = inspectModel(readModel(sharedModel('squeezenet1.1')));
    expect(squeezenet.parameters).toBe(1_235_496);
    expect(squeezenet.multiplyAdds! / 1e9).toBeCloseTo(0.35, 2);
    expect(
      inspectModel(readModel(sharedModel('tf2_mobilenet_v2_1.0_224_ptq_dequant'))).multiplyAdds! / 1e6,
    ).toBeCloseTo(300, -1);
  });
});

test('text for a terminal', () => {
  expect(formatInspection(inspectModel(smallModel('N', 'H')))).toMatchInlineSnapshot(`
    "inputs         image: float32 [N, 4, H, H]
    outputs        scores: float32 [N, 3]
    parameters     811
    multiply-adds  unknown: they depend on sizes that are left free
    operators         2 Identity
                      2 MatMul
                      1 Add
                      1 Conv
                      1 ConvTranspose
                      1 Gemm
                      1 Reshape
    versions       ONNX opset 20, IR version 9
    producer       test
    metadata       classes: a,b,c"
  `);
});
