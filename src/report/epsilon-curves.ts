import type { AttackSummary, EvaluationResult } from '../evaluation/records.ts';
import type { Curve } from '../figures/curves.ts';
import { attackOf } from './attack-of.ts';
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
  const measured = Object.entries(attacks).flatMap(([name, summary]) => {
    const { changes, subset = 'full', figure } = attackOf(name, setting);
    return figure?.kind === 'radius' && figure.norm === norm && subset === 'full'
      ? [{ changes, epsilon: figure.epsilon, beside: figure.beside, summary }]
      : [];
  });
  if (measured.length === 0) return [];
  const noise = measured.filter(({ changes }) => changes === 'pixels');
  const both = measured.filter(({ changes }) => changes === 'view and pixels');
  const spatial = both.flatMap(({ beside }) => (beside === undefined ? [] : [attacks[beside]])).at(0);
  const largest = largestOf(measured.map(({ epsilon }) => epsilon));
  return [
    // First, in the colour that transformations alone have in other figures.
    ...curve('rotation and shift', [...at(0, spatial), ...at(largest, spatial)]),
    ...curve('pixel noise', [...at(0, attacks.natural), ...noise]),
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
