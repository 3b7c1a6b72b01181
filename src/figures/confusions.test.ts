import { parseHTML } from 'linkedom';
import { expect, it } from 'vitest';
import { confusions } from './confusions.ts';

const { document } = parseHTML('<html></html>');

it('draws what each class is predicted as', () => {
  const svg = confusions(document, {
    names: ['cat', 'dog'],
    shares: [
      [0.25, 0.75],
      [0, 1],
    ],
  });
  expect(svg).toContain('cat is taken for dog in 75.0\u00a0% of its images.');
  expect(svg).not.toContain('dog is taken for');
  expect(svg).toMatchSnapshot();
});
