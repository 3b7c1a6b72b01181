import { expect, it } from 'vitest';
import { fewHeldOut } from './few-held-out.ts';

const held = (heldOut: number, allowedLoss: number) => ({ heldOut, allowedLoss, keep: 'best' }) as const;

it('tells that a loss does not show on a few images', () => {
  expect(fewHeldOut(held(10, 0.01), 'test')).toMatch(
    /^Each of the 10 images held out is 10 points of accuracy: a loss of 1 does not show/,
  );
  expect(fewHeldOut(held(16, 0.005), 'test')).toMatch(
    /16 images held out is 6\.3 points of accuracy: a loss of 0\.5 does not show/,
  );
});

it('points to test images where there are some, else to the option for them', () => {
  expect(fewHeldOut(held(10, 0.01), 'test')).toMatch(/read from the test images, the more/);
  expect(fewHeldOut(held(10, 0.01), 'heldOut')).toMatch(/Others to measure on \(.*test.*\)/);
});

it('says nothing where it shows, where none may be lost, or where the last state is kept in any case', () => {
  expect(fewHeldOut(held(100, 0.01), 'test')).toBeUndefined();
  expect(fewHeldOut(held(50, 0.01), 'test')).toBeUndefined();
  expect(fewHeldOut(held(10, 0), 'test')).toBeUndefined();
  expect(fewHeldOut({ ...held(10, 0.01), keep: 'last' }, 'test')).toBeUndefined();
});
