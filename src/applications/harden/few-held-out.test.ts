import { expect, it } from 'vitest';
import { fewHeldOut } from './few-held-out.ts';

it('tells that a loss does not show on a few images', () => {
  expect(fewHeldOut(10, 1)).toMatch(
    /^Each of the 10 images held out is 10 points of accuracy: a loss of 1 does not show/,
  );
  expect(fewHeldOut(16, 0.5)).toMatch(/16 images held out is 6\.3 points of accuracy: a loss of 0\.5 does not show/);
});

it('says nothing where it shows, or where none may be lost', () => {
  expect(fewHeldOut(100, 1)).toBeUndefined();
  expect(fewHeldOut(50, 1)).toBeUndefined();
  expect(fewHeldOut(10, 0)).toBeUndefined();
});
