import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { crossEntropy } from '../../statistics/cross-entropy.ts';
import { relativeError } from '../../testing/run-graph.ts';
import { openClassifier } from './open.ts';

/** Small exports with random weights beside what PyTorch computes: tools/architectures/samples.js makes them. */
const FOLDER = fileURLToPath(new URL('../../../src/model/reference/architectures', import.meta.url));

function floats(path: string): Float32Array {
  const bytes = readFileSync(path);
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

it.each(readdirSync(FOLDER))('an export of %s has the loss and the gradient that PyTorch has', async (name) => {
  const file = (part: string): string => join(FOLDER, name, part);
  const reference = JSON.parse(readFileSync(file('reference.json'), 'utf8')) as { loss: number; label: number };
  const classifier = await openClassifier({ model: file('model.onnx'), threads: 1 });
  try {
    const request = { images: [floats(file('image.f32'))], trials: [{ image: 0, transformations: [] }] };
    const logits = await classifier.logits(request);
    expect(crossEntropy(logits, 0, classifier.classes, reference.label) / reference.loss).toBeCloseTo(1, 3);
    const { pixels } = await classifier.gradients!(request, [reference.label], 'pixels');
    expect(relativeError(pixels![0], floats(file('gradient.f32')))).toBeLessThan(1e-2);
  } finally {
    await classifier.close();
  }
});

it('docs/architectures.md says what was measured', async () => {
  const table = new URL('../../../tools/architectures/table.js', import.meta.url).href;
  const { page } = (await import(table)) as { page(): string };
  const docs = new URL('../../../docs/architectures.md', import.meta.url);
  expect(readFileSync(docs, 'utf8')).toBe(page());
});
