import { describe, expect, it } from 'vitest';
import type { Transformation } from '../transform/transformation.ts';
import { runSearch } from '../testing/run-search.ts';
import type { Outcome, Probe, Target } from './attack.ts';
import { createAttack, type AttackSettings } from './create-attack.ts';

const SHAPE = { channels: 1, height: 1, width: 1 };
const TARGET: Target = { index: 0, label: 0, pixels: new Float32Array(1), shape: SHAPE };
const BOX = { tx: 3, ty: 3, angle: 30 };

/** What an attack finds of a classifier that is right where `isRight` says so, with everything that it tried. */
function run(name: string, isRight: (t: Transformation) => boolean, over: Partial<AttackSettings> = {}) {
  const search = createAttack(name, { box: BOX, ...over }).search(TARGET);
  const answer = ({ transformation }: Probe): Outcome => ({ predicted: isRight(transformation) ? 0 : 1, loss: 1 });
  const { finding, probes } = runSearch(search, answer);
  return { ...finding, tried: probes.map(({ transformation }) => transformation) };
}

const limitsOf = (name: string, over: Partial<AttackSettings> = {}): readonly number[] => {
  const { figure } = createAttack(name, { box: BOX, ...over });
  return figure?.kind === 'survival' ? figure.limits : [];
};

describe('tolerance', () => {
  it('measures angles in steps of 0.5°, shifts in steps of 0.5 px and the box by the largest share', () => {
    const angles = limitsOf('tolerance:rotation');
    expect(angles).toEqual(Array.from({ length: 61 }, (_, i) => i / 2));
    expect(limitsOf('tolerance:translation')).toEqual([0, 0.5, 1, 1.5, 2, 2.5, 3]);
    // 60 shares of the angle, among them the sixths that shifts have: 10/60 is 1/6.
    const shares = limitsOf('tolerance');
    expect(shares).toHaveLength(61);
    shares.forEach((share, i) => expect(share).toBeCloseTo(i / 60, 8));
    // A limit that is no multiple of the step is divided more finely, never more coarsely.
    expect(limitsOf('tolerance:rotation', { box: { tx: 0, ty: 0, angle: 0.8 } })).toEqual([0, 0.4, 0.8]);
    expect(limitsOf('tolerance:rotation', { angleStep: 0.25 })).toHaveLength(121);
  });

  it('finds the smallest size that fools, whatever larger ones do', () => {
    // Fooled from 20° on, and in a hole at −7.5° alone.
    const hole = run('tolerance:rotation', ({ angle }) => Math.abs(angle) < 20 && angle !== -7.5);
    expect(hole).toMatchObject({ robust: false, breakingPoint: 7.5 });
    expect(hole.worst.transformation).toEqual({ tx: 0, ty: 0, angle: -7.5 });
    expect(hole.refinedPoint).toBeUndefined();
    const shifted = run('tolerance:translation', ({ tx, ty }) => !(tx === 1 && ty === -1.5));
    expect(shifted).toMatchObject({ breakingPoint: 1.5, worst: { transformation: { tx: 1, ty: -1.5, angle: 0 } } });
    const both = run('tolerance', ({ tx, angle }) => !(tx === 0.5 && angle === 15));
    expect(both.breakingPoint).toBe(0.5);
  });

  it('tries in the order of growing size and ends with the wave in which one fools', () => {
    const { tried } = run('tolerance:rotation', ({ angle }) => Math.abs(angle) < 2);
    const sizes = tried.map(({ angle }) => Math.abs(angle));
    const onGrid = sizes.slice(0, sizes.indexOf(2));
    expect(onGrid).toEqual(onGrid.toSorted((a, b) => a - b));
    expect(tried.length).toBeLessThan(20);
    expect(run('tolerance', ({ angle }) => angle === 0).tried.length).toBeLessThan(10);
  });

  it('refines between the grid points: a smaller size that fools, which was tried', () => {
    const { breakingPoint, refinedPoint, tried } = run('tolerance:rotation', ({ angle }) => Math.abs(angle) < 4.3);
    expect(breakingPoint).toBe(4.5);
    expect(refinedPoint).toBeGreaterThanOrEqual(4.3);
    expect(refinedPoint).toBeLessThan(4.3 + 0.5 / 32 + 1e-9);
    expect(tried.some(({ angle }) => Math.abs(Math.abs(angle) - refinedPoint!) < 1e-9)).toBe(true);
  });

  it('has 0 for an image that is wrong as it is, and none where nothing fools', () => {
    expect(run('tolerance', () => false)).toMatchObject({ robust: false, breakingPoint: 0 });
    const { tried, ...none } = run('tolerance:translation', () => true);
    expect(none).toMatchObject({ robust: true, breakingPoint: null });
    expect(tried).toHaveLength(169);
    expect(new Set(tried.map(({ tx, ty }) => `${tx},${ty}`)).size).toBe(169);
  });

  it('finds the same where it goes on through all points', () => {
    const isRight = ({ angle, tx }: Transformation): boolean => Math.abs(angle) < 10 || tx > 0;
    const { tried: _, fooling, ...all } = run('tolerance', isRight, { exhaustive: true });
    const { tried: few, ...early } = run('tolerance', isRight);
    expect(all).toEqual(early);
    expect(fooling).toBeGreaterThan(1000);
    expect(few.length).toBeLessThan(20_449);
  });

  it('refuses a grid that no one means', () => {
    expect(() => createAttack('tolerance', { box: { tx: 224, ty: 224, angle: 30 } })).toThrow(
      /tolerance: its grid would have 97,357,689 points for each image/,
    );
  });
});
