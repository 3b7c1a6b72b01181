import { parseAttackName } from '../attacks/attack-name.ts';
import type { AttackSummary, EvaluationResult } from '../evaluation/records.ts';
import { formatPercent } from '../figures/format.ts';
import type { ReportInput } from './report-input.ts';
import { describeAttack, describeRange, formatCount, isSpatial } from './words.ts';

export interface WorstAttack {
  readonly name: string;
  readonly summary: AttackSummary;
}

/**
 * The transformation attack that leaves the least accuracy, the last of equals, since attacks are named from the
 * weakest on; where none ran, the pixel attack that does. `undefined` where only `natural` ran.
 */
export function worstAttack(result: EvaluationResult): WorstAttack | undefined {
  return worstOf(result, isSpatial) ?? worstOf(result, (name) => name !== 'natural');
}

/** Among the attacks of a kind, the one that leaves the least accuracy. */
export function worstOf({ attacks }: EvaluationResult, considered: (name: string) => boolean): WorstAttack | undefined {
  return Object.entries(attacks)
    .filter(([name]) => considered(name))
    .map(([name, summary]) => ({ name, summary }))
    .reduce<WorstAttack | undefined>(
      (worst, attack) => (worst === undefined || attack.summary.accuracy <= worst.summary.accuracy ? attack : worst),
      undefined,
    );
}

export interface Headline {
  /** `91.3 %`; `undefined` where `natural` was not asked for. */
  readonly natural?: string;
  /** `9.3 %`. */
  readonly worst?: string;
  /** What the worst case is: `under the grid of rotations up to 30° and shifts up to 3 px`. */
  readonly under?: string;
  /** One sentence that stands alone. */
  readonly sentence: string;
  /** The same in numbers of images. */
  readonly counts?: string;
}

/** What fell and by how much. */
export function headline({ result, setting }: ReportInput): Headline {
  const { natural } = result.attacks;
  const worst = worstAttack(result);
  const before = natural === undefined ? undefined : formatPercent(natural.accuracy);
  if (worst === undefined) {
    return {
      natural: before,
      sentence:
        before === undefined
          ? 'Nothing was measured.'
          : `${result.model.name} is right on ${before} of the images as they are.`,
    };
  }
  const after = formatPercent(worst.summary.accuracy);
  const under = underAttack(worst.name, setting);
  const sentence =
    natural === undefined
      ? `Accuracy is ${after} ${under}.`
      : natural.accuracy > worst.summary.accuracy
        ? `Accuracy falls from ${before} to ${after} ${under}: ` +
          `${(100 * (natural.accuracy - worst.summary.accuracy)).toFixed(1)} percentage points are lost.`
        : `Accuracy does not fall: it is ${before} on the images as they are and ${after} ${under}.`;
  const counts =
    natural === undefined
      ? undefined
      : `Of ${formatCount(natural.n)} images the model is right on ${formatCount(natural.correct)} as they are and ` +
        `on ${formatCount(worst.summary.correct)} in the worst case.`;
  return { natural: before, worst: after, under, sentence, counts };
}

function underAttack(name: string, setting: ReportInput['setting']): string {
  const { kind, k, subset } = parseAttackName(name);
  const range = describeRange(setting.box, subset);
  switch (kind) {
    case 'grid':
      return `under the grid of ${range}`;
    case 'worst-of':
      return `under the worst of ${k} random draws from ${range}`;
    case 'random':
      return `under random ${range}`;
    case 'first-order':
      return `under the first-order attack with ${range}`;
    case 'strongest':
      return `under the worst case of ${range}`;
    case 'combined':
      return `under pixel noise together with ${range}`;
    default:
      return `under ${describeAttack(name, setting)}`;
  }
}
