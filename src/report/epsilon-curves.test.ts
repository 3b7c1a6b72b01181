import { expect, it } from 'vitest';
import type { AttackSummary, EvaluationResult } from '../evaluation/records.ts';
import { epsilonCurves } from './epsilon-curves.ts';

const summary = (accuracy: number): AttackSummary => ({
  correct: 100 * accuracy,
  n: 100,
  accuracy,
  interval: [accuracy / 2, 1],
});
const setting = { box: { tx: 3, ty: 3, angle: 30 }, grid: { tx: 5, ty: 5, angle: 31 }, combinedWith: 10 };

function result(attacks: Record<string, number>): EvaluationResult {
  return {
    attacks: Object.fromEntries(Object.entries(attacks).map(([name, accuracy]) => [name, summary(accuracy)])),
  } as EvaluationResult;
}

it('reads the curves from the names of the attacks', () => {
  const measured = result({
    natural: 0.9,
    'worst-of-10': 0.4,
    grid: 0.1,
    'pgd-linf@8/255': 0,
    'pgd-linf@2/255': 0.3,
    'combined@2/255': 0.05,
    'pgd-l2@0.5': 0.2,
  });
  const curves = epsilonCurves(measured, setting, 'linf');
  expect(curves.map(({ name, x, values }) => ({ name, x, values }))).toEqual([
    { name: 'rotation and shift', x: [0, 8 / 255], values: [0.4, 0.4] },
    { name: 'pixel noise', x: [0, 2 / 255, 8 / 255], values: [0.9, 0.3, 0] },
    { name: 'both', x: [0, 2 / 255], values: [0.4, 0.05] },
  ]);
  expect(curves[1].intervals).toEqual([
    [0.45, 1],
    [0.15, 1],
    [0, 1],
  ]);
  expect(epsilonCurves(measured, setting, 'l2').map(({ name, values }) => ({ name, values }))).toEqual([
    { name: 'pixel noise', values: [0.9, 0.2] },
  ]);
});

it('has no curve where no attack names a radius', () => {
  expect(epsilonCurves(result({ natural: 0.9, grid: 0.1, 'pgd-linf': 0 }), setting, 'linf')).toEqual([]);
});
