import type { EvaluationResult } from '../../evaluation/records.ts';
import { holdsAt, withstandAt } from '../../evaluation/survival.ts';
import type { Gate, Gates } from '../../options/attack-values.ts';
import { extentOf, formatSize } from '../../report/survival-words.ts';
import { percent } from '../format.ts';

/** A line for each gate that a result is below. */
export function failedGates(result: EvaluationResult, gates: Gates): string[] {
  return Object.entries(gates).flatMap(([attack, gate]) => failure(result, attack, gate) ?? []);
}

function failure({ attacks, tolerance }: EvaluationResult, attack: string, gate: Gate): string | undefined {
  if (typeof gate === 'number') {
    const { correct, n, accuracy } = attacks[attack];
    // Counts, not fractions: 100 · 0.57 is a little below 57.
    return 100 * correct < gate * n
      ? `--fail-under: accuracy under ${attack} is ${percent(accuracy, 2)}, below ${gate} %.`
      : undefined;
  }
  const extent = extentOf(attack);
  const survival = tolerance?.[extent];
  if (survival === undefined || holdsAt(survival, gate.size, gate.share)) return undefined;
  return (
    `--fail-under: ${percent(withstandAt(survival, gate.size), 2)} of the images withstand ${attack} up to ` +
    `${formatSize(extent, gate.size)}, below ${gate.share} %.`
  );
}
