import type { EvaluationResult } from '../../evaluation/records.ts';
import type { Gates } from '../../options/attack-values.ts';
import { percent } from '../format.ts';

/** A line for each attack under which accuracy is below its gate. */
export function failedGates({ attacks }: EvaluationResult, gates: Gates): string[] {
  return (
    Object.entries(gates)
      // Counts, not fractions: 100 · 0.57 is a little below 57.
      .filter(([attack, least]) => 100 * attacks[attack].correct < least * attacks[attack].n)
      .map(
        ([attack, least]) =>
          `--fail-under: accuracy under ${attack} is ${percent(attacks[attack].accuracy, 2)}, below ${least} %.`,
      )
  );
}
