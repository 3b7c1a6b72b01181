import { parseHTML } from 'linkedom';
import { expect, it } from 'vitest';
import { accuracyCompared } from './accuracy-compared.ts';

const { document } = parseHTML('<html></html>');

it('groups the bars of the classifiers by attack, and leaves out what was not measured', () => {
  const svg = accuracyCompared(
    document,
    ['natural', 'grid'],
    [
      {
        name: 'standard',
        attacks: [
          { name: 'natural', accuracy: 0.99, interval: [0.97, 1] },
          { name: 'grid', accuracy: 0.06, interval: [0.04, 0.08] },
        ],
      },
      { name: 'robust', attacks: [{ name: 'natural', accuracy: 0.98, interval: [0.96, 0.99] }] },
    ],
  );
  expect(svg).toContain('standard: natural 99.0\u00a0%, grid 6.0\u00a0%. robust: natural 98.0\u00a0%.');
  expect(svg).toMatchSnapshot();
});
