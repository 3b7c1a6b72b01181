import { expect, it } from 'vitest';
import { WorkLeft } from './work-left.ts';

it('takes images under way to withstand what is left, and those to come to cost what the others do', () => {
  const work = new WorkLeft(1);
  const group = work.begin(2);
  expect(work.remaining(6)).toBeUndefined();
  // One image fell to the grid at its fifth point, the other has withstood twenty.
  group.made = 25;
  group.open = [{ attack: 'grid', passes: 20 }];
  expect(work.remaining(6)).toBeUndefined();
  work.ended('grid', 100);
  expect(work.remaining(0)).toBe(80);
  expect(work.remaining(6)).toBe(80 + (6 * 105) / 2);
  group.made = 105;
  group.open = [];
  work.finish(group);
  expect(work.remaining(2)).toBe(105);
  expect(work.remaining(0)).toBe(0);
});
