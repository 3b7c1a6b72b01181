import { describe, expect, it } from 'vitest';
import { attackNamed, ATTACK_SETTINGS, hill, runAttack } from '../testing/attack-runs.ts';
import { DEFAULT_WARP } from '../transform/warp.ts';
import { createAttack } from './create-attack.ts';

describe('first-order', () => {
  it('is refused under nearest sampling, which has no gradient, however that is found', () => {
    const warp = { ...DEFAULT_WARP, interpolation: 'nearest' as const };
    for (const gradient of ['exact', 'finite-difference'] as const)
      expect(() => createAttack('first-order:rotation', { ...ATTACK_SETTINGS, warp, gradient })).toThrow(
        'attack "first-order:rotation": needs the gradient',
      );
    expect(createAttack('grid', { ...ATTACK_SETTINGS, warp }).name).toBe('grid');
  });

  it('climbs a hill to its top by 1 % of each limit a step', () => {
    const { finding } = runAttack(attackNamed('first-order'), hill({ tx: 1, ty: -1, angle: 12 }, 0.9));
    const [tx, ty, angle] = finding.path?.at(-1) ?? [NaN, NaN, NaN];
    expect(Math.abs(tx - 1)).toBeLessThan(0.04);
    expect(Math.abs(ty + 1)).toBeLessThan(0.03);
    expect(Math.abs(angle - 12)).toBeLessThan(0.4);
    expect(finding.robust).toBe(true);
    expect(finding.path).toHaveLength(201);
    const steps = (finding.path ?? []).slice(1).map((at, i) => Math.abs(at[0] - (finding.path ?? [])[i][0]));
    expect(Math.max(...steps)).toBeCloseTo(0.03, 9);
  });

  it('stays in the box, also in its rotation-only and translation-only forms', () => {
    for (const [name, limits] of [
      ['first-order', [3, 2, 30]],
      ['first-order:rotation', [0, 0, 30]],
      ['first-order:translation', [3, 2, 0]],
    ] as const) {
      const { finding } = runAttack(attackNamed(name), hill({ tx: 9, ty: 9, angle: 90 }, 0.5));
      for (const at of finding.path ?? [])
        limits.forEach((limit, i) => expect(Math.abs(at[i])).toBeLessThanOrEqual(limit));
      limits.forEach((limit, i) => expect(finding.path?.at(-1)?.[i]).toBeCloseTo(limit, 9));
    }
  });

  it('stops where it fools and has a plain pass confirm it', () => {
    const model = hill({ tx: 0, ty: 0, angle: 0 }, 1.05);
    const { finding, asks } = runAttack(attackNamed('first-order'), model);
    expect(finding.robust).toBe(false);
    expect(asks.at(-1)?.kind).toBe('classify');
    expect(asks.every(({ probes }) => probes.length === 1)).toBe(true);
    expect(finding.worst.loss).toBeGreaterThan(1);
  });

  it('follows finite differences to the same top', () => {
    const { finding, asks, tried } = runAttack(
      attackNamed('first-order', { gradient: 'finite-difference', gradientForm: 'raw' }),
      hill({ tx: 1, ty: -1, angle: 12 }, 0.9),
    );
    expect(asks.every(({ kind }) => kind === 'classify')).toBe(true);
    expect(finding.path?.at(-1)?.[2]).toBeCloseTo(12, 0);
    expect(tried).toBe(200 * 7 + 1);
    expect(finding.exhaustive).toBe(tried);
  });

  it('uses its restarts', () => {
    const { finding } = runAttack(
      attackNamed('first-order', { restarts: 3, steps: 4 }),
      hill({ tx: 0, ty: 0, angle: 0 }, 0.9),
    );
    expect(finding.path).toHaveLength(15);
    expect(new Set([0, 5, 10].map((i) => finding.path?.[i][0])).size).toBe(3);
  });
});
