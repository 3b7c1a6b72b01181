import { parseHTML } from 'linkedom';
import { expect, it } from 'vitest';
import { lossOverAngle } from './loss-over-angle.ts';

const { document } = parseHTML('<html></html>');

it('draws the loss and marks the angles at which the model is wrong', () => {
  const svg = lossOverAngle(document, [-30, 0, 30], [{ name: 'image 7', loss: [2.5, 0.01, 4.75], correct: [1, 1, 0] }]);
  expect(svg).toContain('image 7: misclassified at 1 of 3 angles, highest loss 4.75 at 30°.');
  expect(svg).toMatchSnapshot();
});
