import { parseHTML } from 'linkedom';
import { expect, it } from 'vitest';
import { fallsCompared } from './falls-compared.ts';

const { document } = parseHTML('<html></html>');

it('draws a line from the first accuracy to the last, with what others reached', () => {
  const svg = fallsCompared(
    document,
    ['natural', 'worst-of-10', 'grid'],
    [
      {
        name: 'standard',
        published: [0.03, 0.095],
        attacks: [
          { name: 'natural', accuracy: 0.93, interval: [0.92, 0.94] },
          { name: 'random', accuracy: 0.7, interval: [0.69, 0.71] },
          { name: 'worst-of-10', accuracy: 0.4, interval: [0.38, 0.42] },
          { name: 'grid', accuracy: 0.14, interval: [0.12, 0.16] },
        ],
      },
      { name: 'robust', attacks: [{ name: 'natural', accuracy: 0.92, interval: [0.91, 0.93] }] },
    ],
  );
  expect(svg).toContain(
    'standard: natural 93.0\u00a0%, worst-of-10 40.0\u00a0%, grid 14.0\u00a0%. robust: natural 92.0\u00a0%.',
  );
  expect(svg).toContain('published, grid');
  expect(svg).toMatchSnapshot();
});
