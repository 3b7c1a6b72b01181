import { expect, it } from 'vitest';
import { describeMade, madeOf } from './made.ts';

it('tells the day, the machine and the version, and leaves out what an older run does not tell', () => {
  const config = { begun: '2026-11-30T23:59:59.000Z', machine: '2 cores', other: 1 };
  expect(describeMade(madeOf(config), '0.1.0')).toBe('30 November 2026 · 2 cores · Gimbal 0.1.0');
  expect(describeMade(madeOf({ machine: 7 }), '0.1.0')).toBe('Gimbal 0.1.0');
  expect(describeMade({ begun: 'yesterday' }, '0.1.0')).toBe('Gimbal 0.1.0');
});
