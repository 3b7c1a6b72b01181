import { expect, it } from 'vitest';
import type { EvaluationResult, ImageRecord } from '../../evaluation/records.ts';
import type { RunDifference } from '../../evaluation/run-difference.ts';
import { pairedDifference } from '../../statistics/paired-difference.ts';
import { checkGates, checkWorse, weakClasses } from './checks.ts';

it('fails only below the gate, whatever the rounding of fractions', () => {
  for (let correct = 0; correct <= 100; correct++) {
    const result = { attacks: { grid: { correct, n: 100, accuracy: correct / 100 } } } as unknown as EvaluationResult;
    expect(checkGates(result, { grid: correct })[0].failure).toBeUndefined();
    expect(checkGates(result, { grid: correct + 1 })[0].failure).toBe(
      `'fail-under': accuracy under grid is ${correct}.00 %, below ${correct + 1} %.`,
    );
  }
});

it('calls a run worse only where the whole interval lies beyond the points allowed', () => {
  const lost = (onlyA: number): RunDifference => {
    const counts = { both: 900 - onlyA, onlyA, onlyB: 0, neither: 100 };
    return { attacks: { grid: { ...counts, ...pairedDifference(counts) } } } as unknown as RunDifference;
  };
  // Of 1,000 images 20 were lost: −2 points, from −2.98 to −1.11 (Newcombe's method 10, by hand).
  const [low, high] = lost(20).attacks.grid.interval.map((bound) => Number((100 * bound).toFixed(2)));
  expect([low, high]).toEqual([-2.98, -1.11]);
  expect(checkWorse(lost(20), 1)[0]).toEqual({
    demand: "accuracy under grid is at most 1 point below the baseline's",
    failure:
      "'fail-if-worse': accuracy under grid is 2.00 points below the baseline's; its change lies between −2.98 and " +
      '−1.11 points (95 % interval), wholly beyond −1 point.',
  });
  expect(checkWorse(lost(20), 1.2)[0].failure).toBeUndefined();
  expect(checkWorse(lost(0), 0)[0].failure).toBeUndefined();
});

it('names the classes that are below a gate by themselves, also in what they withstand', async () => {
  const image = (index: number, label: number, robust: boolean, breakingPoint: number | null): ImageRecord =>
    ({
      index,
      label,
      attacks: { grid: { robust }, 'tolerance:rotation': { breakingPoint } },
    }) as unknown as ImageRecord;
  async function* records(): AsyncGenerator<ImageRecord> {
    yield image(0, 0, true, null);
    yield image(1, 0, false, 10);
    yield image(2, 1, true, 5);
    yield image(3, 1, true, 10.5);
  }
  const result = { tolerance: { rotation: { limits: [0, 5, 10, 10.5, 15] } } } as unknown as EvaluationResult;
  const gates = { grid: 60, 'tolerance:rotation': { size: 10, share: 60 } };
  const weak = await weakClasses(records(), result, gates, ['cat']);
  expect(weak.get('grid')).toEqual([{ attack: 'grid', name: 'class cat', right: '1 of 2 images (50.0\u00a0%)' }]);
  expect(weak.get('tolerance:rotation')!.map(({ name, right }) => [name, right])).toEqual([
    ['class cat', '1 of 2 images (50.0\u00a0%)'],
    ['class 1', '1 of 2 images (50.0\u00a0%)'],
  ]);
});
