import { expect, it } from 'vitest';
import { Clock } from './clock.ts';

it('tells the time left of all stages from what was done here', () => {
  let now = 100;
  const clock = new Clock([1, 3], () => now);
  expect(clock.secondsLeft).toBeUndefined();
  now += 10;
  clock.at(0.5, 0);
  // Half a share of four took 10 s: three and a half take 70.
  expect(clock.secondsLeft).toBe(70);
  clock.next(false);
  now += 10;
  expect(clock.secondsLeft).toBe(60);
});

it('does not count what an earlier process had done', () => {
  let now = 0;
  const clock = new Clock([1, 2, 1], () => now);
  clock.next(true);
  clock.at(0.5, 0.5);
  expect(clock.secondsLeft).toBeUndefined();
  now = 8;
  clock.at(0.75, 0.5);
  // Half a share took 8 s; one and a half are left.
  expect(clock.secondsLeft).toBe(24);
});

it('tells nothing where shares are not known', () => {
  const clock = new Clock([1, undefined], () => 1);
  clock.next(false);
  expect(clock.secondsLeft).toBeUndefined();
});

it('counts less for stages that are shortened', () => {
  let now = 0;
  const clock = new Clock([2, 2, 6], () => now);
  now = 10;
  clock.next(false);
  clock.scale((stage) => stage === 2, 0.5);
  // Two shares took 10 s: 2 and half of 6 take 25.
  expect(clock.secondsLeft).toBe(25);
});
