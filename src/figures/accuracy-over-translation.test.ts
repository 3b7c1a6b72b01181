import { parseHTML } from 'linkedom';
import { expect, it } from 'vitest';
import { accuracyOverTranslation } from './accuracy-over-translation.ts';

const { document } = parseHTML('<html></html>');

it('puts tx along the width and ty down the height', () => {
  // Two columns, three rows: 10 20 / 30 40 / 50 60 percent.
  const svg = accuracyOverTranslation(document, {
    name: 'mean',
    tx: [-3, 3],
    ty: [-2, 0, 2],
    accuracy: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6],
  });
  expect(svg).toContain('Lowest 10.0\u00a0% at (−3, −2) pixels.');
  const written = [...svg.matchAll(/<text[^>]*transform="translate\(([\d.]+),([\d.]+)\)"[^>]*>(\d0)<\/text>/g)].map(
    ([, x, y, text]) => ({ x: Number(x), y: Number(y), text }),
  );
  const place = (text: string) => written.find((cell) => cell.text === text)!;
  expect(written.map(({ text }) => text)).toEqual(['10', '20', '30', '40', '50', '60']);
  expect(place('20').x).toBeGreaterThan(place('10').x);
  expect(place('20').y).toBe(place('10').y);
  expect(place('30').y).toBeGreaterThan(place('10').y);
  expect(svg).toMatchSnapshot();
});

it('leaves the numbers out of cells that are too small for them', () => {
  const fine = Array.from({ length: 21 }, (_, i) => i - 10);
  const svg = accuracyOverTranslation(document, {
    name: 'mean',
    tx: fine,
    ty: fine,
    accuracy: new Float64Array(441).fill(0.42),
  });
  expect(svg).not.toContain('>42<');
});
