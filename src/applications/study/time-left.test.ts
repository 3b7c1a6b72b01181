import { expect, it } from 'vitest';
import { TimeLeft } from './time-left.ts';

it('tells the time left of all stages from what was done here', () => {
  let now = 100;
  const left = new TimeLeft([1, 3], { seconds: () => now });
  expect(left.seconds).toBeUndefined();
  now += 10;
  left.at(0.5, 0);
  // Half a share of four took 10 s: three and a half take 70.
  expect(left.seconds).toBe(70);
  left.next(false);
  now += 10;
  expect(left.seconds).toBe(60);
});

it('does not count what an earlier process had done', () => {
  let now = 0;
  const left = new TimeLeft([1, 2, 1], { seconds: () => now });
  left.next(true);
  left.at(0.5, 0.5);
  expect(left.seconds).toBeUndefined();
  now = 8;
  left.at(0.75, 0.5);
  // Half a share took 8 s; one and a half are left.
  expect(left.seconds).toBe(24);
});

it('tells nothing where shares are not known', () => {
  const left = new TimeLeft([1, undefined], { seconds: () => 1 });
  left.next(false);
  expect(left.seconds).toBeUndefined();
});

it('counts less for stages that are shortened', () => {
  let now = 0;
  const left = new TimeLeft([2, 2, 6], { seconds: () => now });
  now = 10;
  left.next(false);
  left.scale((stage) => stage === 2, 0.5);
  // Two shares took 10 s: 2 and half of 6 take 25.
  expect(left.seconds).toBe(25);
});
