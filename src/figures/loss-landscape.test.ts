import { parseHTML } from 'linkedom';
import { expect, it } from 'vitest';
import { lossLandscape } from './loss-landscape.ts';

const { document } = parseHTML('<html></html>');
const landscape = {
  name: 'image 7',
  angles: [-30, 0, 30],
  tx: [-3, 3],
  loss: [1, 0.5, 2, 3, 0.25, 4],
  correct: [1, 1, 0, 0, 1, 0],
};

it('draws the loss with the border of misclassification, the path and the worst point', () => {
  const svg = lossLandscape(document, {
    ...landscape,
    path: [
      { angle: 1, tx: 0 },
      { angle: 6, tx: 1.5 },
    ],
    gridWorst: { angle: 30, tx: 3 },
  });
  expect(svg).toContain(
    'misclassified at 3 of 6 points. The worst point is at 30° and 3 px. The first-order attack ends at 6° and 1.5 px.',
  );
  expect(svg).toMatchSnapshot();
});

it('has neither path nor cross where nothing is known of them', () => {
  const svg = lossLandscape(document, landscape);
  expect(svg).not.toContain('first-order');
  expect(svg).not.toContain('worst');
});
