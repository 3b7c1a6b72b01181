import { describe, expect, test } from 'vitest';
import { hintsFromMetadata, mergeHints, parseSidecar } from './sidecar.ts';

describe('parseSidecar', () => {
  test('every key, in its plainest form', () => {
    const json = {
      layout: 'nhwc',
      size: '1x20x30',
      output: 'logits',
      'label-offset': 1,
      scale: '-1,1',
      mean: [0.1, 0.2, 0.3],
      std: 0.5,
      'per-image-standardization': false,
      bgr: true,
      resize: 256,
      crop: 224,
    };
    expect(parseSidecar(JSON.stringify(json), 'here')).toEqual({
      layout: 'nhwc',
      size: { channels: 1, height: 20, width: 30 },
      output: 'logits',
      labelOffset: 1,
      scale: '-1,1',
      mean: [0.1, 0.2, 0.3],
      std: [0.5],
      perImageStandardization: false,
      bgr: true,
      resize: 256,
      crop: { height: 224, width: 224 },
    });
  });

  test.each([
    ['[0, 255]', '0,255'],
    ['0,1', '0,1'],
    [[-1, 1], '-1,1'],
  ])('scale %o', (given, scale) => {
    expect(parseSidecar(JSON.stringify({ scale: given }), 'here')).toEqual({ scale });
  });

  test.each([
    ['224', { height: 224, width: 224 }],
    ['20x30', { height: 20, width: 30 }],
    [28, { height: 28, width: 28 }],
  ])('size %o', (given, size) => {
    expect(parseSidecar(JSON.stringify({ size: given }), 'here')).toEqual({ size });
  });

  test.each([
    '',
    '[]',
    '3',
    'null',
    '{"colour": true}',
    '{"scale": "0,2"}',
    '{"size": "a"}',
    '{"mean": []}',
    '{"mean": "x"}',
    '{"label-offset": -1}',
    '{"bgr": "yes"}',
  ])('refuses %s, naming the place', (text) => {
    expect(() => parseSidecar(text, 'net.json')).toThrow(
      expect.objectContaining({
        kind: 'misuse',
        issue: expect.objectContaining({ code: 'model-hints', subject: 'net.json' }),
      }),
    );
  });
});

test("ONNX's own metadata for images, and Gimbal's over it", () => {
  expect(hintsFromMetadata(new Map())).toEqual({});
  expect(
    hintsFromMetadata(
      new Map([
        ['Image.NominalPixelRange', 'Normalized_1_1'],
        ['Image.BitmapPixelFormat', 'Rgb8'],
        ['author', 'x'],
      ]),
    ),
  ).toEqual({ scale: '-1,1' });
  expect(
    hintsFromMetadata(
      new Map([
        ['Image.NominalPixelRange', 'Normalized_1_1'],
        ['gimbal', '{"scale": "0,1", "bgr": true}'],
      ]),
    ),
  ).toEqual({ scale: '0,1', bgr: true });
});

test('later hints win, and what is left out takes nothing away', () => {
  expect(mergeHints({ bgr: true, mean: [1] }, { bgr: false, mean: undefined }, {})).toEqual({ bgr: false, mean: [1] });
});
