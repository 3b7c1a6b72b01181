import { parseHTML } from 'linkedom';
import { expect, it } from 'vitest';
import { accuracyOverEpsilon } from './accuracy-over-epsilon.ts';

const { document } = parseHTML('<html></html>');
const curves = [
  {
    name: 'pixel noise',
    x: [0, 4 / 255, 8 / 255],
    values: [0.9, 0.4, 0.05],
    intervals: [
      [0.8, 0.95],
      [0.3, 0.5],
      [0.02, 0.1],
    ] as [number, number][],
  },
  { name: 'both', x: [0, 8 / 255], values: [0.1, 0] },
];

it('counts ε in 1/255 and draws intervals as bands', () => {
  const svg = accuracyOverEpsilon(document, curves);
  expect(svg).toContain('pixel noise: 90.0\u00a0% at 0, 5.0\u00a0% at 8.');
  expect(svg).toMatchSnapshot();
});

it('names an L2 norm as such', () => {
  expect(accuracyOverEpsilon(document, [{ name: 'both', x: [0, 0.5], values: [0.1, 0] }], 'l2')).toContain('L2 norm');
});
