import { parseHTML } from 'linkedom';
import { expect, it } from 'vitest';
import { landscapesCompared } from './landscapes-compared.ts';

const { document } = parseHTML('<html></html>');
const common = { angles: [-30, 0, 30], tx: [-3, 3] };
const standard = {
  ...common,
  classifier: 'standard',
  loss: [1, 0.5, 2, 3, 0.25, 4],
  correct: [1, 1, 0, 0, 1, 0],
  gridWorst: { angle: 30, tx: 3 },
};
const robust = {
  ...common,
  classifier: 'robust',
  loss: [0.25, 0.25, 0.5, 0.5, 0.25, 0.5],
  correct: [1, 1, 1, 1, 1, 1],
};

it('draws two classifiers on one scale of colours', () => {
  const svg = landscapesCompared(document, 'image 7', [standard, robust]);
  expect(svg).toContain(
    'standard: loss from 0.25 to 4; misclassified at 50.0\u00a0% of the points. robust: loss from 0.25 to 0.5; ' +
      'misclassified at 0.0\u00a0% of the points.',
  );
  // The lowest loss of either has the one colour of the scale's lower end: once in the first panel, three times in the
  // second.
  const [first, second] = svg.split('>robust</text>').map((panel) => panel.split('aria-label="rect"')[1]);
  const colours = (panel: string): string[] =>
    [...panel.matchAll(/<rect [^>]*fill="([^"]+)"/g)].map(([, colour]) => colour);
  const lowest = colours(first)[4];
  expect(colours(first).filter((colour) => colour === lowest)).toHaveLength(1);
  expect(colours(second).filter((colour) => colour === lowest)).toHaveLength(3);
  expect(svg).toMatchSnapshot();
});

it('draws no border for shares of several images', () => {
  expect(landscapesCompared(document, 'mean', [{ ...robust, correct: [0.5, 1, 1, 1, 1, 0] }])).not.toContain('border');
});

it('shows next to nothing as nothing, and says so', () => {
  const flat = { ...robust, loss: [0, 1e-5, 1e-4, 0, 0, 2e-4] };
  const svg = landscapesCompared(document, 'image 7', [flat, flat]);
  expect(svg).toContain('Nothing happens by robust.');
  const colours = new Set(
    [...svg.split('aria-label="rect"')[1].matchAll(/<rect [^>]*fill="([^"]+)"/g)].map(([, one]) => one),
  );
  expect(colours.size).toBe(1);
  expect(svg).toMatch(/cross-entropy\s+0<\/text>.*>1<\/text>/s);
});
