import { expect, test } from 'vitest';
import { arraySource } from '../../data/array-source.ts';
import { excludeIndices } from '../../data/selection.ts';
import { modelOf } from '../../testing/onnx.ts';
import { trainedOnMetadata } from '../../training/export/inference-model.ts';
import { GraphBuilder } from '../../onnx/builder.ts';
import { notHeldOut, trainedOn } from './held-out.ts';

const shape = { channels: 1, height: 1, width: 2 };
const source = (name: string, start: number) =>
  arraySource({
    name,
    shape,
    classes: 2,
    images: [0, 1, 2, 3, 4, 5].map((i) => Float32Array.of((start + i) / 24, 0)),
    labels: [0, 1, 0, 1, 0, 1],
  });
const [mine, other] = [source('mine', 0), source('other', 1)];

function trained(facts: Parameters<typeof trainedOnMetadata>[0]): ReturnType<typeof modelOf> {
  const b = new GraphBuilder('g');
  b.output(b.op('Relu', [b.input('x', 'float32', [1])]), 'float32', [1]);
  return { ...modelOf(b.build()), metadata: new Map(trainedOnMetadata(facts)) };
}

const model = trained({ fingerprint: mine.fingerprint, heldOut: [1, 4] });

test('leaves out what was trained on', () => {
  expect(notHeldOut(model, [mine])).toEqual([0, 2, 3, 5]);
  const without = excludeIndices(mine, [0]);
  expect(notHeldOut(trained({ fingerprint: without.fingerprint, heldOut: [1, 4] }), [mine, without])).toEqual([
    0, 2, 3, 5,
  ]);
});

test('says that images were trained on, and the way out', () => {
  expect(trainedOn(model, [mine])).toContain("'held-out' measures it on the 2 of them");
  expect(trainedOn(trained({ fingerprint: mine.fingerprint }), [mine])).toContain('images that it has not seen');
  expect(trainedOn(model, [other])).toBeUndefined();
});

test('refuses where nothing tells what was held out', () => {
  expect(() => notHeldOut(model, [other])).toThrow('was not trained on other');
  expect(() => notHeldOut(trained({ fingerprint: mine.fingerprint }), [mine])).toThrow('does not tell which images');
  const damaged = { ...model, metadata: new Map([...model.metadata, ['gimbal.held-out', '[1, "x"]']]) };
  expect(() => notHeldOut(damaged, [mine])).toThrow('does not tell which images');
});
