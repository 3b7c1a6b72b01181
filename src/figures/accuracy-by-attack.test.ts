import { parseHTML } from 'linkedom';
import { expect, it } from 'vitest';
import { accuracyByAttack } from './accuracy-by-attack.ts';

const { document } = parseHTML('<html></html>');

it('draws a bar with its interval for each attack', () => {
  const svg = accuracyByAttack(document, [
    { name: 'natural', accuracy: 0.9133, interval: [0.8761, 0.9402] },
    { name: 'grid', accuracy: 0.0933, interval: [0.0653, 0.1316] },
  ]);
  expect(svg).toContain('natural: 91.3\u00a0% (95 % interval 87.6\u00a0% to 94.0\u00a0%).');
  expect(svg).toMatchSnapshot();
});
