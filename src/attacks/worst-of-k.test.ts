import { describe, expect, it } from 'vitest';
import { boxHolds } from '../sets/box.ts';
import { ATTACK_SETTINGS, attackNamed, hill, runAttack } from '../testing/attack-runs.ts';

const robust = hill({ tx: 0, ty: 0, angle: 0 }, 0.9);

describe('worst-of-k', () => {
  it('tries k draws from the box, the same whenever it is asked', () => {
    const { finding, probes } = runAttack(attackNamed('worst-of-7'), robust);
    expect(finding).toMatchObject({ robust: true, exhaustive: 7 });
    expect(new Set(probes.map(({ transformation }) => transformation.angle)).size).toBe(7);
    expect(probes.every(({ transformation }) => boxHolds(ATTACK_SETTINGS.box, transformation))).toBe(true);
    expect(runAttack(attackNamed('worst-of-7'), robust).probes).toEqual(probes);
    expect(runAttack(attackNamed('worst-of-7', { seed: 2 }), robust).probes).not.toEqual(probes);
  });

  it('begins with the draws of a smaller k, so that more draws leave less', () => {
    const few = runAttack(attackNamed('worst-of-3'), robust).probes;
    expect(runAttack(attackNamed('worst-of-10'), robust).probes.slice(0, 3)).toEqual(few);
  });

  it('ends where a draw fools, and goes on where it is to be exhaustive', () => {
    const model = { loss: () => 2 };
    expect(runAttack(attackNamed('worst-of-10'), model)).toMatchObject({ tried: 1, finding: { robust: false } });
    const all = runAttack(attackNamed('worst-of-10', { exhaustive: true }), model);
    expect(all).toMatchObject({ tried: 10, finding: { fooling: 10 } });
  });

  it('leaves alone what its form does not move', () => {
    const { probes } = runAttack(attackNamed('worst-of-5:rotation'), robust);
    expect(probes.every(({ transformation: { tx, ty, angle } }) => tx === 0 && ty === 0 && angle !== 0)).toBe(true);
  });
});
