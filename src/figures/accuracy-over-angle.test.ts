import { parseHTML } from 'linkedom';
import { expect, it } from 'vitest';
import { accuracyOverAngle } from './accuracy-over-angle.ts';

const { document } = parseHTML('<html></html>');

it('draws a curve for each series', () => {
  const svg = accuracyOverAngle(document, [
    { name: 'not shifted', x: [-30, 0, 30], values: [0.5, 0.9, 0.4] },
    { name: 'right at every shift', x: [-30, 0, 30], values: [0.2, 0.7, 0.1] },
  ]);
  expect(svg).toContain('not shifted: lowest 40.0\u00a0% at 30°.');
  expect(svg).toMatchSnapshot();
});
