import { parseHTML } from 'linkedom';
import { expect, it } from 'vitest';
import { foolingDistribution } from './fooling-distribution.ts';

const { document } = parseHTML('<html></html>');

it('steps up at each fraction of the grid that fools images', () => {
  // Ten images over four points: 2 fooled by none, 3 by one, 1 by two, 4 by all.
  const svg = foolingDistribution(document, [{ name: 'grid', imagesByFooling: [2, 3, 1, 0, 4] }]);
  expect(svg).toContain(
    'grid: 20.0\u00a0% of the images are fooled by no point, 60.0\u00a0% by at most half of the points.',
  );
  expect(svg).toMatchSnapshot();
});
