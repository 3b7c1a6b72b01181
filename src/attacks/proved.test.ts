import { describe, expect, it } from 'vitest';
import { rotationInputs } from '../sets/rotations/rotation-inputs.ts';
import { DEFAULT_WARP } from '../transform/warp.ts';
import { runSearch } from '../testing/run-search.ts';
import type { Attack, Probe, Target } from './attack.ts';
import { createAttack, type AttackSettings } from './create-attack.ts';

const SHAPE = { channels: 1, height: 5, width: 5 };
const TARGET: Target = { index: 3, label: 0, pixels: new Float32Array(25), shape: SHAPE };
const SETTINGS: AttackSettings = { box: { tx: 2, ty: 2, angle: 30 } };
const INPUTS = rotationInputs(SHAPE, { angle: 30, padding: 'zeros' });

/** Runs a search against a model that errs where it is told to. */
const run = (attack: Attack, errs: (probe: Probe) => boolean) =>
  runSearch(attack.search(TARGET), (probe) => ({ predicted: errs(probe) ? 1 : 0, loss: 0.5 }));

describe('proved:translation', () => {
  const attack = createAttack('proved:translation', SETTINGS);

  it('runs all whole-pixel shifts of the box, once each, from the smallest on', () => {
    const { finding, probes } = run(attack, () => false);
    expect(finding).toMatchObject({ robust: true, exhaustive: 25, certificate: { inputs: 25, radius: 2 } });
    expect(new Set(probes.map(({ transformation: { tx, ty } }) => `${tx},${ty}`)).size).toBe(25);
    const sizes = probes.map(({ transformation: { tx, ty } }) => Math.max(Math.abs(tx), Math.abs(ty)));
    expect(sizes).toEqual(sizes.toSorted((a, b) => a - b));
    // Limits between whole pixels hold the whole ones below them.
    const wide = createAttack('proved:translation', { box: { tx: 3.2, ty: 1.9, angle: 0 } });
    expect(run(wide, () => false).probes).toHaveLength(7 * 3);
  });

  it.each([
    [0, null],
    [1, 0],
    [2, 1],
  ])('holds up to the size below the first that fools: %d px', (size, radius) => {
    const errs = ({ transformation: { tx, ty } }: Probe): boolean => tx === -size && ty === (size && 1 - size);
    const { finding, probes } = run(attack, errs);
    expect(finding).toMatchObject({ robust: false, certificate: { inputs: 25, radius } });
    expect(probes.length).toBeLessThanOrEqual(25);
    // Of a model that errs on all that is as large or larger, the same.
    const beyond = run(attack, ({ transformation: { tx, ty } }) => Math.max(Math.abs(tx), Math.abs(ty)) >= size);
    expect(beyond.finding.certificate?.radius).toBe(radius);
    expect(beyond.finding.fooling).toBeUndefined();
  });
});

describe('proved:rotation', () => {
  const attack = createAttack('proved:rotation', SETTINGS);

  it('runs every input of every angle and nothing else, and says how many', () => {
    const { finding, probes } = run(attack, () => false);
    expect(finding).toMatchObject({ robust: true, exhaustive: INPUTS.length, certificate: { inputs: INPUTS.length } });
    const key = (sources: Int32Array | undefined): string => String(sources);
    const all = Array.from({ length: INPUTS.length }, (_, i) => key(INPUTS.sources(i)));
    expect(probes.map(({ sources }) => key(sources)).toSorted()).toEqual(all.toSorted());
  });

  it('finds the one input that fools, also where it is shown at a single angle', () => {
    for (let input = 0; input < INPUTS.length; input++) {
      const only = String(INPUTS.sources(input));
      const { finding } = run(attack, ({ sources }) => String(sources) === only);
      expect(finding.robust).toBe(false);
      expect(finding.worst.transformation.angle).toBeCloseTo(INPUTS.angle(input), 10);
      expect(finding.certificate).toEqual({ inputs: INPUTS.length });
    }
  });

  it('counts an image as not proved where passes run out, and says so', () => {
    const few = createAttack('proved:rotation', { ...SETTINGS, mostPasses: 7 });
    const { finding, probes } = run(few, () => false);
    expect(probes).toHaveLength(7);
    expect(finding).toMatchObject({ robust: false, certificate: { inputs: INPUTS.length, undecided: true } });
    const fooled = run(few, ({ candidate }) => candidate === 2).finding;
    expect(fooled.certificate).toEqual({ inputs: INPUTS.length });
    const enough = createAttack('proved:rotation', { ...SETTINGS, mostPasses: INPUTS.length });
    expect(run(enough, () => false).finding.robust).toBe(true);
  });

  it('takes padding and mask from the run, and nearest sampling whatever the run has', () => {
    const warp = { ...DEFAULT_WARP, padding: 'edge', mask: 'circle' } as const;
    const { probes } = run(createAttack('proved:rotation', { ...SETTINGS, warp }), () => false);
    const inputs = rotationInputs(SHAPE, { angle: 30, padding: 'edge', mask: 'circle' });
    expect(probes).toHaveLength(inputs.length);
    expect(attack.interpolation).toBe('nearest');
    expect(createAttack('proved:rotation', { ...SETTINGS, warp }).certificate?.meaning).toContain(
      'inscribed circle is black',
    );
    expect(attack.certificate?.meaning).not.toContain('circle');
  });
});

it('proved runs every angle with every whole-pixel shift', () => {
  const box = { tx: 1, ty: 0, angle: 30 };
  const { finding, probes } = run(createAttack('proved', { box }), () => false);
  const lengths = [-1, 0, 1].map(
    (tx) => rotationInputs(SHAPE, { angle: 30, padding: 'zeros', shift: { tx, ty: 0 } }).length,
  );
  expect(probes).toHaveLength(lengths[0] + lengths[1] + lengths[2]);
  expect(finding.robust).toBe(true);
  expect(new Set(probes.map(({ transformation: { tx } }) => tx))).toEqual(new Set([-1, 0, 1]));
  expect(new Set(probes.map(({ candidate }) => candidate)).size).toBe(probes.length);
});

it('is refused under the conventions of other codes, which shift otherwise', () => {
  for (const convention of ['madry-tf', 'madry-torch'] as const)
    for (const name of ['proved', 'proved:rotation', 'proved:translation'])
      expect(() => createAttack(name, { ...SETTINGS, warp: { padding: 'zeros', convention } })).toThrow(
        `proves what convention: 'gimbal' defines; ${convention} transforms images otherwise`,
      );
});
