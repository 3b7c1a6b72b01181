import { parseHTML } from 'linkedom';
import { expect, it } from 'vitest';
import { accuracyOverEpsilon } from './accuracy-over-epsilon.ts';

const { document } = parseHTML('<html></html>');
const curves = [
  { name: 'pixel noise', values: [0.9, 0.4, 0.05], intervals: [[0.8, 0.95], [0.3, 0.5], [0.02, 0.1]] as [number, number][] },
  { name: 'both', values: [0.1, 0.02, 0] },
];

it('counts ε in 1/255 and draws intervals as bands', () => {
  const svg = accuracyOverEpsilon(document, [0, 4 / 255, 8 / 255], curves);
  expect(svg).toContain('pixel noise: 90.0 % at 0, 5.0 % at 8.');
  expect(svg).toMatchSnapshot();
});

it('names an L2 norm as such', () => {
  expect(accuracyOverEpsilon(document, [0, 0.5], [{ name: 'both', values: [0.1, 0] }], '1')).toContain('L2 norm');
});
