import { parseHTML } from 'linkedom';
import { expect, it } from 'vitest';
import { trainingCurves } from './training-curves.ts';

const { document } = parseHTML('<html></html>');

it('draws the loss above and the measured accuracies below', () => {
  const svg = trainingCurves(document, [
    { epoch: 1, loss: 2.1, natural: 0.3 },
    { epoch: 2, loss: 1.2, natural: 0.6, worstOf10: 0.25 },
    { epoch: 3, loss: 0.8, natural: 0.75 },
    { epoch: 4, loss: 0.5, natural: 0.81, worstOf10: 0.5 },
  ]);
  expect(svg).toContain('After epoch 4: loss 0.5, natural accuracy 81.0\u00a0%, worst-of-10 accuracy 50.0\u00a0%.');
  expect(svg).toMatchSnapshot();
});

it('leaves the accuracies out where none was measured', () => {
  const svg = trainingCurves(document, [
    { epoch: 1, loss: 2 },
    { epoch: 2, loss: 1 },
  ]);
  expect(svg).not.toContain('accuracy');
});
