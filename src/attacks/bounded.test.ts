import { describe, expect, it } from 'vitest';
import { clopperPearsonUpper } from '../statistics/clopper-pearson.ts';
import { runSearch } from '../testing/run-search.ts';
import type { Probe, Target } from './attack.ts';
import { planLooks } from './bounded.ts';
import { createAttack, type AttackSettings } from './create-attack.ts';

const SETTINGS: AttackSettings = { box: { tx: 3, ty: 2, angle: 30 }, seed: 5, share: { percent: 5 }, confidence: 95 };
const target = (index: number): Target => ({
  index,
  label: 0,
  pixels: new Float32Array(1),
  shape: { channels: 1, height: 1, width: 1 },
});

function run(name: string, errs: (probe: Probe) => boolean, over: Partial<AttackSettings> = {}, index = 0) {
  const search = createAttack(name, { ...SETTINGS, ...over }).search(target(index));
  return runSearch(search, (probe) => ({ predicted: errs(probe) ? 1 : 0, loss: 0.5 }));
}

describe('planLooks', () => {
  const { looks, risk } = planLooks(0.05, 0.05);

  it('gives each look a third of the risk, and the first as many draws as a bound without a failure takes', () => {
    expect(risk).toBeCloseTo(0.05 / 3, 12);
    const [first] = looks;
    // 0.95ⁿ ≤ 0.05/3 from n = 80 on.
    expect(first).toEqual({ draws: 80, allowed: 0 });
    expect(looks.map(({ draws }) => draws)).toEqual([80, 160, 320]);
  });

  it('allows as many failures as keep the exact bound at the share, and not one more', () => {
    for (const [share, confidence] of [
      [0.05, 0.95],
      [0.01, 0.999],
      [0.2, 0.9],
    ]) {
      const plan = planLooks(share, 1 - confidence);
      for (const { draws, allowed } of plan.looks) {
        expect(clopperPearsonUpper(allowed, draws, plan.risk)).toBeLessThanOrEqual(share + 1e-9);
        expect(clopperPearsonUpper(allowed + 1, draws, plan.risk)).toBeGreaterThan(share);
      }
    }
  });

  it('is wrong about an image at the share no more often than it may be', () => {
    // The chance of passing any of the looks, where exactly the share fools: summed over all ways, look by look.
    const share = 0.05;
    let states = new Map([[0, 1]]);
    let [wrong, drawn] = [0, 0];
    for (const { draws, allowed } of looks) {
      for (; drawn < draws; drawn++) {
        const next = new Map<number, number>();
        for (const [k, p] of states) {
          next.set(k, (next.get(k) ?? 0) + p * (1 - share));
          next.set(k + 1, (next.get(k + 1) ?? 0) + p * share);
        }
        states = next;
      }
      for (const [k, p] of states) if (k <= allowed) wrong += p;
      states = new Map([...states].filter(([k]) => k > allowed));
    }
    expect(wrong).toBeLessThan(0.05);
    expect(wrong).toBeGreaterThan(0.01);
  });
});

describe('bounded', () => {
  it('ends at the first look where nothing failed, with the exact bound there', () => {
    const { finding, probes } = run('bounded', () => false);
    expect(probes).toHaveLength(80);
    expect(finding.robust).toBe(true);
    const { bound, ...rest } = finding.certificate!;
    expect(rest).toEqual({ inputs: 320, draws: 80, fooling: 0 });
    expect(bound).toBeCloseTo(1 - (0.05 / 3) ** (1 / 80), 5);
    expect(bound).toBeLessThanOrEqual(0.05);
  });

  it('goes on to a later look where too many failed, and gives up once the last could not hold', () => {
    const later = run('bounded', ({ candidate }) => candidate === 3);
    expect(later.finding).toMatchObject({ robust: true, certificate: { draws: 160, fooling: 1 } });
    const never = run('bounded', () => true);
    expect(never.finding).toMatchObject({ robust: false, certificate: { bound: null } });
    expect(never.probes.length).toBeLessThan(80);
    // At the last look with one failure more than it allows nothing is said.
    const { allowed } = planLooks(0.05, 0.05).looks[2];
    const rare = run('bounded', ({ candidate }) => candidate % Math.floor(320 / (allowed + 2)) === 0);
    expect(rare.finding).toMatchObject({ robust: false, certificate: { bound: null } });
    expect(rare.finding.certificate!.fooling).toBeGreaterThan(allowed);
  });

  it('draws what seed, image and number of the draw decide, inside of the box, and of the form what it moves', () => {
    const drawn = (name: string, over = {}, index = 0) =>
      run(name, () => false, over, index).probes.map(({ transformation }) => transformation);
    expect(drawn('bounded')).toEqual(drawn('bounded'));
    expect(drawn('bounded')).not.toEqual(drawn('bounded', { seed: 6 }));
    expect(drawn('bounded')).not.toEqual(drawn('bounded', {}, 1));
    expect(
      drawn('bounded').every(({ tx, ty, angle }) => Math.abs(tx) <= 3 && Math.abs(ty) <= 2 && Math.abs(angle) <= 30),
    ).toBe(true);
    expect(drawn('bounded:rotation').every(({ tx, ty, angle }) => tx === 0 && ty === 0 && angle !== 0)).toBe(true);
  });
});
