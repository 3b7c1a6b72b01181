import { describe, expect, it } from 'vitest';
import type { Transformation } from '../transform/transformation.ts';
import { DEFAULT_WARP } from '../transform/warp.ts';
import { runSearch } from '../testing/run-search.ts';
import type { Attack, GradientOutcome, Probe, Target } from './attack.ts';
import { formatAttackName, parseAttackName } from './attack-name.ts';
import { createAttack, type AttackSettings } from './create-attack.ts';
import { epsilonValue } from './epsilon.ts';
import { largestOf } from '../statistics/extremes.ts';
import { project, randomPerturbation, stepUp } from './perturbation.ts';
import { randomStream } from '../random/stream.ts';
import { WorstTracker } from './worst-tracker.ts';

const SHAPE = { channels: 1, height: 1, width: 4 };
const TARGET: Target = { index: 3, label: 0, pixels: Float32Array.of(0.1, 0.5, 0.9, 1), shape: SHAPE };
const SETTINGS: AttackSettings = {
  box: { tx: 3, ty: 2, angle: 30 },
  grid: { tx: 3, ty: 3, angle: 5 },
  seed: 1,
  randomStart: false,
  combinedWith: 4,
};

/** A smooth model: its loss, and the gradient of it, as functions of a probe. It errs above a loss of 1. */
interface Model {
  loss(probe: Probe): number;
  gradient?(probe: Probe): number[];
}

/** Runs a search against a model by itself. `tried`: probes that it asked for. */
function run(attack: Attack, model: Model) {
  const { probes, ...found } = runSearch(attack.search(TARGET), (probe): GradientOutcome => {
    const loss = model.loss(probe);
    return { loss, predicted: loss > 1 ? 1 : 0, gradient: model.gradient?.(probe) ?? [] };
  });
  return { ...found, tried: probes.length };
}

const attack = (name: string, over: Partial<AttackSettings> = {}) => createAttack(name, { ...SETTINGS, ...over });
const hill = (peak: Transformation, height: number): Model => ({
  loss: ({ transformation: t }) =>
    height - ((t.tx - peak.tx) ** 2 + (t.ty - peak.ty) ** 2 + ((t.angle - peak.angle) / 10) ** 2) / 10,
  gradient: ({ transformation: t }) => [-(t.tx - peak.tx) / 5, -(t.ty - peak.ty) / 5, -(t.angle - peak.angle) / 500],
});

describe('names', () => {
  it('survive a round trip', () => {
    for (const name of [
      'natural',
      'random',
      'worst-of-10',
      'worst-of-3:rotation',
      'grid',
      'grid:translation',
      'first-order:rotation',
      'pgd-linf',
      'pgd-linf@4/255',
      'combined:rotation@0.01',
      'strongest',
    ]) {
      expect(formatAttackName(parseAttackName(name))).toBe(name);
    }
    expect(epsilonValue('8/255')).toBe(8 / 255);
  });

  it('are refused with what there is', () => {
    expect(() => parseAttackName('girdd')).toThrow(/attack "girdd": is not an attack; there are natural, /);
    expect(() => parseAttackName('grid@8/255')).toThrow(/radius of a pixel attack/);
    expect(() => parseAttackName('pgd-linf@x')).toThrow(/radius of a pixel attack/);
    expect(() => parseAttackName('natural:rotation')).toThrow(/transforms nothing/);
  });
});

describe('random', () => {
  it('asks for many draws in pieces, and counts them all', () => {
    const { finding, asks, tried } = run(attack('random', { draws: 1000 }), hill({ tx: 0, ty: 0, angle: 0 }, 1.5));
    expect(tried).toBe(1000);
    expect(largestOf(asks.map(({ probes }) => probes.length))).toBe(64);
    expect(asks.flatMap(({ probes }) => probes.map(({ candidate }) => candidate))).toEqual([...Array(1000).keys()]);
    expect(finding).toMatchObject({ draws: 1000, exhaustive: 1000 });
    expect(finding.correctDraws).toBeGreaterThan(0);
    expect(finding.correctDraws).toBeLessThan(1000);
  });
});

describe('WorstTracker', () => {
  const probe = (candidate: number) => ({ candidate, transformation: { tx: candidate, ty: 0, angle: 0 } });

  it('lets errors beat losses, losses beat order, and ties go to the earlier candidate', () => {
    const tracker = new WorstTracker(0);
    tracker.offer(probe(5), { predicted: 0, loss: 9 });
    tracker.offer(probe(7), { predicted: 1, loss: 1 });
    expect(tracker.worst.transformation.tx).toBe(7);
    tracker.offer(probe(8), { predicted: 2, loss: 2 });
    tracker.offer(probe(4), { predicted: 2, loss: 2 });
    tracker.offer(probe(9), { predicted: 0, loss: 99 });
    expect(tracker.worst.transformation.tx).toBe(4);
    expect(tracker.fooling).toBe(3);
  });
});

describe('first-order', () => {
  it('is refused under nearest sampling, which has no gradient, however that is found', () => {
    const warp = { ...DEFAULT_WARP, interpolation: 'nearest' as const };
    for (const gradient of ['exact', 'finite-difference'] as const)
      expect(() => createAttack('first-order:rotation', { ...SETTINGS, warp, gradient })).toThrow(
        'attack "first-order:rotation": needs the gradient',
      );
    expect(createAttack('grid', { ...SETTINGS, warp }).name).toBe('grid');
  });

  it('climbs a hill to its top by 1 % of each limit a step', () => {
    const { finding } = run(attack('first-order'), hill({ tx: 1, ty: -1, angle: 12 }, 0.9));
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
      const { finding } = run(attack(name), hill({ tx: 9, ty: 9, angle: 90 }, 0.5));
      for (const at of finding.path ?? [])
        limits.forEach((limit, i) => expect(Math.abs(at[i])).toBeLessThanOrEqual(limit));
      limits.forEach((limit, i) => expect(finding.path?.at(-1)?.[i]).toBeCloseTo(limit, 9));
    }
  });

  it('stops where it fools and has a plain pass confirm it', () => {
    const model = hill({ tx: 0, ty: 0, angle: 0 }, 1.05);
    const { finding, asks } = run(attack('first-order'), model);
    expect(finding.robust).toBe(false);
    expect(asks.at(-1)?.kind).toBe('classify');
    expect(asks.every(({ probes }) => probes.length === 1)).toBe(true);
    expect(finding.worst.loss).toBeGreaterThan(1);
  });

  it('follows finite differences to the same top', () => {
    const { finding, asks, tried } = run(
      attack('first-order', { gradient: 'finite-difference', gradientForm: 'raw' }),
      hill({ tx: 1, ty: -1, angle: 12 }, 0.9),
    );
    expect(asks.every(({ kind }) => kind === 'classify')).toBe(true);
    expect(finding.path?.at(-1)?.[2]).toBeCloseTo(12, 0);
    expect(tried).toBe(200 * 7 + 1);
    expect(finding.exhaustive).toBe(tried);
  });

  it('uses its restarts', () => {
    const { finding } = run(attack('first-order', { restarts: 3, steps: 4 }), hill({ tx: 0, ty: 0, angle: 0 }, 0.9));
    expect(finding.path).toHaveLength(15);
    expect(new Set([0, 5, 10].map((i) => finding.path?.[i][0])).size).toBe(3);
  });
});

describe('pixel attacks', () => {
  const total = (values?: Float32Array) => (values ?? new Float32Array()).reduce((sum, value) => sum + value, 0);
  // Loss rises with the mean of the perturbation.
  const brightness = (scale: number): Model => ({
    loss: ({ perturbation }) => 0.5 + scale * total(perturbation),
    gradient: ({ perturbation }) => Array.from(perturbation ?? [], () => scale),
  });

  it('pgd-linf moves every pixel to the edge of the ball, inside [0, 1]', () => {
    const { finding, tried } = run(attack('pgd-linf@0.2'), brightness(0.1));
    const expected = [0.2, 0.2, 0.1, 0];
    finding.worst.perturbation?.forEach((value, i) => expect(value).toBeCloseTo(expected[i], 6));
    expect(finding.robust).toBe(true);
    expect(tried).toBe(6);
  });

  it('pgd-l2 moves along the gradient to the edge of the ball', () => {
    const { finding } = run(attack('pgd-l2@0.1'), brightness(0.1));
    const length = Math.hypot(...(finding.worst.perturbation ?? []));
    expect(length).toBeLessThanOrEqual(0.1 + 1e-7);
    expect(length).toBeGreaterThan(0.09);
  });

  it('fools, confirms and keeps the perturbation', () => {
    const { finding } = run(attack('pgd-linf@0.2'), brightness(1.2));
    expect(finding.robust).toBe(false);
    expect(finding.worst.perturbation).toHaveLength(4);
  });

  it('combined tries every candidate transformation with noise of its own', () => {
    const model: Model = {
      loss: ({ transformation, perturbation }) => 0.3 + Math.abs(transformation.tx) / 10 + total(perturbation) / 10,
      gradient: ({ perturbation }) => Array.from(perturbation ?? [], () => 0.1),
    };
    const { finding, asks, tried } = run(attack('combined@0.1', { exhaustive: true }), model);
    expect(tried).toBe(4 * 6);
    expect(new Set(asks.map(({ probes }) => probes[0].transformation.tx)).size).toBe(4);
    expect(finding.exhaustive).toBe(24);
  });

  it('random starts lie in the ball and differ by restart', () => {
    const stream = randomStream(0, 'test');
    const linf = randomPerturbation(101, 'linf', 0.1, stream, 0, 0);
    expect(Math.max(...linf.map(Math.abs))).toBeLessThanOrEqual(0.1);
    const l2 = randomPerturbation(101, 'l2', 0.1, stream, 0, 0);
    expect(Math.hypot(...l2)).toBeLessThanOrEqual(0.1 + 1e-7);
    expect([...randomPerturbation(101, 'linf', 0.1, stream, 0, 1)]).not.toEqual([...linf]);
  });

  it('projection keeps what is inside as it is', () => {
    const perturbation = Float32Array.of(0.05, -0.05);
    project(perturbation, Float32Array.of(0.5, 0.5), 'linf', 0.1);
    expect(perturbation[0]).toBeCloseTo(0.05, 6);
    stepUp(perturbation, [0, 0], 'l2', 0.1);
    expect(perturbation[1]).toBeCloseTo(-0.05, 6);
  });
});

describe('strongest', () => {
  it('finds a peak between grid points that the grid misses, in few passes', () => {
    const model = hill({ tx: 1.3, ty: 0.9, angle: 7 }, 1.02);
    const grid = run(attack('grid'), model).finding;
    const { finding: strongest, tried } = run(attack('strongest'), model);
    expect(grid.robust).toBe(true);
    expect(strongest.robust).toBe(false);
    expect(tried).toBeLessThan(400);
  });
});
