import { epsilonValue, parseAttackName } from '../attacks/attack-name.ts';
import type { AttackSummary, EvaluationResult } from '../evaluation/records.ts';
import type { Curve } from '../figures/curves.ts';
import type { ReportSetting } from './report-input.ts';
import { largestOf } from '../statistics/extremes.ts';

interface Point {
  readonly epsilon: number;
  readonly summary: AttackSummary;
}

/**
 * Accuracy over the radius of pixel noise, from attacks that name one (`pgd-linf@4/255`, `combined@4/255`): the noise
 * alone, the transformations alone, and both. Radius 0 is `natural`, and for both the transformations alone.
 */
export function epsilonCurves({ attacks }: EvaluationResult, setting: ReportSetting, norm: 'linf' | 'l2'): Curve[] {
  const measured = (kind: string): Point[] =>
    Object.entries(attacks)
      .map(([name, summary]) => ({ attack: parseAttackName(name), summary }))
      .filter(({ attack }) => attack.kind === kind && attack.subset === 'full' && attack.epsilon !== undefined)
      .map(({ attack, summary }) => ({ epsilon: epsilonValue(attack.epsilon as string), summary }));
  const noise = measured(`pgd-${norm}`);
  const both = norm === 'linf' ? measured('combined') : [];
  if (noise.length + both.length === 0) return [];
  const spatialName = setting.combinedWith === 'grid' ? 'grid' : `worst-of-${setting.combinedWith}`;
  const spatial = both.length > 0 ? attacks[spatialName] : undefined;
  const largest = largestOf([...noise, ...both].map(({ epsilon }) => epsilon));
  return [
    ...curve('pixel noise', [...at(0, attacks.natural), ...noise]),
    ...curve('rotation and shift', [...at(0, spatial), ...at(largest, spatial)]),
    ...curve('both', [...at(0, spatial), ...both]),
  ];
}

function at(epsilon: number, summary: AttackSummary | undefined): Point[] {
  return summary === undefined ? [] : [{ epsilon, summary }];
}

/** A single point is no curve. */
function curve(name: string, points: readonly Point[]): Curve[] {
  if (points.length < 2) return [];
  const rising = points.toSorted((a, b) => a.epsilon - b.epsilon);
  return [
    {
      name,
      x: rising.map(({ epsilon }) => epsilon),
      values: rising.map(({ summary }) => summary.accuracy),
      intervals: rising.map(({ summary }) => summary.interval),
    },
  ];
}
