import { parseHTML } from 'linkedom';
import { expect, it } from 'vitest';
import { survivalCurve } from './survival-curve.ts';

const { document } = parseHTML('<html></html>');

it('draws the share that is left over the size, with its band', () => {
  const svg = survivalCurve(
    document,
    [
      {
        name: 'images',
        x: [0, 0.5, 1],
        values: [0.9, 0.9, 0.4],
        intervals: [
          [0.8, 0.95],
          [0.8, 0.95],
          [0.3, 0.5],
        ],
      },
    ],
    'largest rotation (degrees)',
  );
  expect(svg).toContain('images: 90.0\u00a0% at 0, 40.0\u00a0% at 1.');
  expect(svg).toMatchSnapshot();
});
