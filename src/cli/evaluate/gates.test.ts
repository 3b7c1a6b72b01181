import { expect, it } from 'vitest';
import type { EvaluationResult } from '../../evaluation/records.ts';
import { failedGates } from './gates.ts';

it('fails only below the gate, whatever the rounding of fractions', () => {
  for (let correct = 0; correct <= 100; correct++) {
    const result = { attacks: { grid: { correct, n: 100, accuracy: correct / 100 } } } as unknown as EvaluationResult;
    expect(failedGates(result, { grid: correct })).toEqual([]);
    expect(failedGates(result, { grid: correct + 1 })).toEqual([
      `--fail-under: accuracy under grid is ${correct}.00 %, below ${correct + 1} %.`,
    ]);
  }
});
