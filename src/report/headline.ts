import type { AttackSummary, EvaluationResult } from '../evaluation/records.ts';
import { attackOf } from './attack-of.ts';
import type { ReportInput } from './report-input.ts';
import { describeRange } from './words.ts';
import { formatCount, formatPercent, formatPoints } from '../notation/numbers.ts';

export interface WorstAttack {
  readonly name: string;
  readonly summary: AttackSummary;
}

/**
 * The transformation attack that leaves the least accuracy, the last of equals, since attacks are named from the
 * weakest on; where none ran, the attack on pixels that does. `undefined` where only `natural` ran.
 */
export function worstAttack({ result, setting }: Measured): WorstAttack | undefined {
  return (
    worstOf(result, (name) => attackOf(name, setting).changes === 'view' && isWorstCase(name, result, setting)) ??
    worstOf(result, (name) => ['pixels', 'view and pixels'].includes(attackOf(name, setting).changes))
  );
}

/**
 * The one among those that move the image and leave its pixels as they are, but for attacks that look for the least:
 * what they end with is shown beside their curve.
 */
export function worstSpatial({ result, setting }: Measured): WorstAttack | undefined {
  return worstOf(result, (name) => {
    const { changes, seeks } = attackOf(name, setting);
    return changes === 'view' && seeks !== 'smallest' && isWorstCase(name, result, setting);
  });
}

/** A bound lets some of an attack's range fool, and where passes ran out an image that is not proved may be right. */
function isWorstCase(name: string, { certificates = {} }: EvaluationResult, setting: ReportInput['setting']): boolean {
  const isOpen = Object.values(certificates).some(
    ({ attack, undecided }) => attack === name && undecided !== undefined,
  );
  return attackOf(name, setting).seeks !== 'bound' && !isOpen;
}

type Measured = Pick<ReportInput, 'result' | 'setting'>;

function worstOf({ attacks }: EvaluationResult, considered: (name: string) => boolean): WorstAttack | undefined {
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
  const worst = worstAttack({ result, setting });
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
          `${formatPoints(natural.accuracy - worst.summary.accuracy, 1)} percentage points are lost.`
        : `Accuracy does not fall: it is ${before} on the images as they are and ${after} ${under}.`;
  const counts =
    natural === undefined
      ? undefined
      : `Of ${formatCount(natural.n)} images the model is right on ${formatCount(natural.correct)} as they are and ` +
        `on ${formatCount(worst.summary.correct)} in the worst case.`;
  return { natural: before, worst: after, under, sentence, counts };
}

function underAttack(name: string, setting: ReportInput['setting']): string {
  const { subset, words } = attackOf(name, setting);
  return words.under?.(describeRange(setting.box, subset)) ?? `under ${words.tries}`;
}
