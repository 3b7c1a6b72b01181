import { expect, it } from 'vitest';
import { softmax } from './softmax.ts';

it.each([new Float32Array(6), new Float64Array(6)])(
  'sums to one in each row, whatever the size of the scores',
  (into) => {
    expect(softmax([1000, 1000, -1000, 0, Math.log(2), Math.log(5)], 3, into)).toBe(into);
    [0.5, 0.5, 0, 0.125, 0.25, 0.625].forEach((p, i) => expect(into[i]).toBeCloseTo(p, 6));
  },
);
