import { expect, it } from 'vitest';
import { randomStream } from '../../random/stream.ts';
import { zoomIn } from './zoom-in.ts';

const shape = { channels: 1, height: 5, width: 5 };
const stream = randomStream(0, 'zoom');
/** Brightness rises by one a column and ten a row. */
const ramp = Float32Array.from({ length: 25 }, (_, i) => (i % 5) + 10 * Math.floor(i / 5));

it('leaves the image alone where nothing is to be enlarged', () => {
  expect(zoomIn(ramp, shape, 0, stream, 0, 0)).toBe(ramp);
});

it('shows a part of the image, its sides by 1 − z, at one step from pixel to pixel', () => {
  const [z, u, v] = stream.uniform4(7, 2);
  const part = 1 - 0.5 * z;
  const enlarged = zoomIn(ramp, shape, 0.5, stream, 7, 2);
  expect(enlarged[0]).toBeCloseTo(4 * (1 - part) * (u + 10 * v), 5);
  expect(enlarged[1] - enlarged[0]).toBeCloseTo(part, 5);
  expect(enlarged[5] - enlarged[0]).toBeCloseTo(10 * part, 4);
  // Nothing but the image is seen.
  expect(Math.max(...enlarged)).toBeLessThanOrEqual(44.0001);
});

it('is a pure function of index and epoch', () => {
  expect(zoomIn(ramp, shape, 0.5, stream, 1, 0)).toEqual(zoomIn(ramp, shape, 0.5, stream, 1, 0));
  expect(zoomIn(ramp, shape, 0.5, stream, 1, 0)).not.toEqual(zoomIn(ramp, shape, 0.5, stream, 1, 1));
});
