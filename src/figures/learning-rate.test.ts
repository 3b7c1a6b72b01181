import { parseHTML } from 'linkedom';
import { expect, it } from 'vitest';
import { learningRate } from './learning-rate.ts';

const { document } = parseHTML('<html></html>');

it('draws the rate of each epoch', () => {
  const svg = learningRate(document, [
    { epoch: 1, rate: 0.05 },
    { epoch: 2, rate: 0.1 },
    { epoch: 3, rate: 0.0000312345 },
  ]);
  expect(svg).toContain('The learning rate is 0.1 at its highest and 0.0000312 after epoch 3.');
  expect(svg).toMatchSnapshot();
});
