import { expect, it } from 'vitest';
import { inPieces, runSize } from './run-size.ts';

it('runs just what is wanted on a CPU, from the least number on', () => {
  expect([1, 5, 64].map((wanted) => runSize(wanted, 64, false, {}))).toEqual([1, 5, 64]);
  expect([1, 5, 64].map((wanted) => runSize(wanted, 64, false, { fewest: 4 }))).toEqual([4, 5, 64]);
  expect(runSize(1, 64, true, {})).toBe(64);
});

it('runs a batch, its half, quarter or eighth on a device', () => {
  const sizes = [1, 8, 9, 16, 17, 32, 33, 64].map((wanted) => runSize(wanted, 64, false, { fewSizes: true }));
  expect(sizes).toEqual([8, 8, 16, 16, 32, 32, 64, 64]);
});

it('cuts a request into whole batches and a rest', () => {
  expect(inPieces(10, 4)).toEqual([
    [0, 4],
    [4, 8],
    [8, 10],
  ]);
  expect(inPieces(0, 4)).toEqual([]);
});
