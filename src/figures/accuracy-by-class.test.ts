import { parseHTML } from 'linkedom';
import { expect, it } from 'vitest';
import { accuracyByClass } from './accuracy-by-class.ts';

const { document } = parseHTML('<html></html>');

it('joins natural and worst-case accuracy of each class', () => {
  const svg = accuracyByClass(
    document,
    [
      { name: 'cat', n: 30, natural: 0.9, worst: 0.1 },
      { name: 'dog', n: 30, natural: 0.8, worst: 0.3 },
    ],
    'grid',
  );
  expect(svg).toContain('cat: 90.0\u00a0% natural, 10.0\u00a0% grid.');
  expect(svg).toMatchSnapshot();
});

it('gives two classes of one name a row each', () => {
  const crane = { name: 'crane', n: 9, natural: 1, worst: 0 };
  const svg = accuracyByClass(document, [crane, crane], 'grid');
  expect(svg).toContain('>crane<');
  expect(svg).toContain('>crane (2)<');
});
