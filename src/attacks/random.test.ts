import { describe, expect, it } from 'vitest';
import { largestOf } from '../statistics/extremes.ts';
import { attackNamed, hill, runAttack } from '../testing/attack-runs.ts';

describe('random', () => {
  it('asks for many draws in pieces, and counts them all', () => {
    const { finding, asks, tried } = runAttack(
      attackNamed('random', { draws: 1000 }),
      hill({ tx: 0, ty: 0, angle: 0 }, 1.5),
    );
    expect(tried).toBe(1000);
    expect(largestOf(asks.map(({ probes }) => probes.length))).toBe(64);
    expect(asks.flatMap(({ probes }) => probes.map(({ candidate }) => candidate))).toEqual([...Array(1000).keys()]);
    expect(finding).toMatchObject({ draws: 1000, exhaustive: 1000 });
    expect(finding.correctDraws).toBeGreaterThan(0);
    expect(finding.correctDraws).toBeLessThan(1000);
  });
});
