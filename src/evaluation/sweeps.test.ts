import { expect, it } from 'vitest';
import { fakeClassifier } from '../testing/fake-classifier.ts';
import { measureSweeps } from './sweeps.ts';

const shape = { channels: 1, height: 1, width: 1 };
const at = (angle: number) => ({ tx: 0, ty: 0, angle });

it('tells class and loss of each transformation, and leaves out an image that gets no scores somewhere', async () => {
  const classifier = fakeClassifier(shape, 2, ([pixel], [{ angle }]) => [pixel === 1 && angle > 5 ? NaN : 0, angle]);
  const target = (index: number) => ({ index, label: 0, pixels: Float32Array.of(index), shape });
  const transformations = [at(-1), at(10)];
  const sweeps = await measureSweeps(classifier, [
    { target: target(0), transformations },
    { target: target(1), transformations },
  ]);
  // ln(1 + e⁻¹) and ln(1 + e¹⁰), to six digits.
  expect(sweeps).toEqual([
    [
      { transformation: at(-1), predicted: 0, loss: 0.313262 },
      { transformation: at(10), predicted: 1, loss: 10 },
    ],
    undefined,
  ]);
});
