import { describe, expect, it } from 'vitest';
import { attackNamed, hill, runAttack } from '../testing/attack-runs.ts';

describe('strongest', () => {
  it('finds a peak between grid points that the grid misses, in few passes', () => {
    const model = hill({ tx: 1.3, ty: 0.9, angle: 7 }, 1.02);
    const grid = runAttack(attackNamed('grid'), model).finding;
    const { finding: strongest, tried } = runAttack(attackNamed('strongest'), model);
    expect(grid.robust).toBe(true);
    expect(strongest.robust).toBe(false);
    expect(tried).toBeLessThan(400);
  });
});
