import { expect, it } from 'vitest';
import { halfFallBy, holdsAt, limitOf, SurvivalTally, withstandAt } from './survival.ts';

/** Ten images: one wrong as it is, two break at 1, three at 2, four never. */
const tally = new SurvivalTally([0, 1, 2, 3]);
for (const point of [0, 1, 1, 2, 2, 2, null, null, null, null]) tally.add(point);
const survival = tally.survival();

it('starts at natural accuracy, falls, and ends at the accuracy under the grid', () => {
  expect(survival).toMatchObject({ limits: [0, 1, 2, 3], withstand: [0.9, 0.7, 0.4, 0.4], n: 10 });
  survival.interval.forEach(([low, high], i) => {
    expect(low).toBeLessThan(survival.withstand[i]);
    expect(high).toBeGreaterThan(survival.withstand[i]);
  });
});

it('tells which limits shares of the images withstand', () => {
  expect(limitOf(survival, 0.95)).toBeUndefined();
  expect(limitOf(survival, 0.9)).toBe(0);
  expect(limitOf(survival, 0.5)).toBe(1);
  expect(limitOf(survival, 0.25)).toBe(3);
  expect(halfFallBy(survival)).toBe(2);
});

it('holds a share at a size by counts, at sizes between the limits as at the limit below', () => {
  expect(withstandAt(survival, 1.7)).toBe(0.7);
  expect(holdsAt(survival, 1.7, 70)).toBe(true);
  expect(holdsAt(survival, 1.7, 70.1)).toBe(false);
  expect(holdsAt(survival, 2, 70)).toBe(false);
});
