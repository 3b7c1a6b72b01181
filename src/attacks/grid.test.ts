import { describe, expect, it } from 'vitest';
import { attackNamed, hill, runAttack } from '../testing/attack-runs.ts';

const PEAK = { tx: 3, ty: -2, angle: 15 };

describe('grid', () => {
  it('tries every point of the grid once where none fools', () => {
    const { finding, probes } = runAttack(attackNamed('grid'), hill(PEAK, 0.9));
    expect(finding).toMatchObject({ robust: true, exhaustive: 45 });
    expect(finding.worst.transformation).toEqual(PEAK);
    expect(probes.map(({ candidate }) => candidate).sort((a, b) => a - b)).toEqual([...Array(45).keys()]);
  });

  it('ends soon where one fools, with the verdict of trying all', () => {
    const model = hill(PEAK, 1.02);
    const { finding, tried } = runAttack(attackNamed('grid'), model);
    const all = runAttack(attackNamed('grid', { exhaustive: true, keepLosses: true }), model);
    expect([finding.robust, all.finding.robust]).toEqual([false, false]);
    expect(tried).toBeLessThan(all.tried);
    expect(all.tried).toBe(45);
    expect(all.finding.fooling).toBe(1);
    // Losses in the grid's order; those of candidates that fool are the ones below 0.
    expect(all.finding.losses).toHaveLength(45);
    expect([...all.finding.losses!].filter((loss) => loss < 0)).toHaveLength(1);
  });

  it.each([
    ['grid:rotation', 5],
    ['grid:translation', 9],
  ])('%s keeps to its part of the grid', (name, points) => {
    const { probes } = runAttack(attackNamed(name), hill(PEAK, 0.9));
    expect(probes).toHaveLength(points);
    for (const { transformation: t } of probes)
      expect(name === 'grid:rotation' ? [t.tx, t.ty] : [t.angle]).toEqual(name === 'grid:rotation' ? [0, 0] : [0]);
  });
});
