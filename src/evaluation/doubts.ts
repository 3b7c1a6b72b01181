import type { ImageSource } from '../data/source.ts';
import type { LabelEvidence, Pattern } from './label-evidence.ts';
import type { EvaluationResult } from './records.ts';
import { optionWords } from '../errors/option-words.ts';
import { plainPercent } from '../notation/numbers.ts';

/** Images below which accuracy tells nothing of a mistake. */
const ENOUGH = 20;

/**
 * What speaks against a natural accuracy: that it is near chance, that the scores are worse than those of a model that
 * answers nothing, or that predictions follow the labels by another numbering. Hard data and hardened models are often
 * wrong but unsure when they are, so that their mean cross-entropy stays below that of equal scores.
 * @param voted whether a vote was judged, whose losses are those of its shares
 */
export function findDoubts(
  { n, attacks: { natural } }: Pick<EvaluationResult, 'n' | 'attacks'>,
  classes: number,
  evidence: LabelEvidence,
  { labelling, classNames }: ImageSource,
  assumptions: readonly string[],
  voted: boolean,
): string[] {
  if (n < ENOUGH) return [];
  const chance = 1 / classes;
  // Near chance: the interval reaches down to twice the rate of guessing (to that rate where there are two classes).
  const nearChance = natural.interval[0] <= (classes > 2 ? 2 * chance : chance);
  const blank = Math.log(classes);
  const worseThanBlank = !voted && natural.accuracy < 0.5 && evidence.meanLoss > blank;
  const pattern = evidence.pattern();
  if (!nearChance && !worseThanBlank && pattern === undefined) return [];
  const byName = labelling?.by === 'names';
  const what = nearChance
    ? `is near chance (${plainPercent(chance, 2)})`
    : worseThanBlank
      ? 'is far below what such a model reaches: its scores are worse than equal ones for all classes (mean loss ' +
        `${evidence.meanLoss.toFixed(2)}, equal scores ${blank.toFixed(2)})`
      : 'leaves out classes that are predicted as others throughout';
  const causes =
    pattern === undefined ? likelyCauses(evidence, byName, classNames) : causeOf(pattern, byName, classNames);
  const assumed =
    assumptions.length === 0 || (pattern !== undefined && !nearChance) ? '' : ` Assumed: ${assumptions.join('; ')}.`;
  const search =
    assumed === ''
      ? ''
      : ` The usual ways of feeding it are tried by gimbal inspect with ${optionWords('data', 'SOURCE')}.`;
  return [`The natural accuracy of ${plainPercent(natural.accuracy, 2)} ${what}: ${causes}.${assumed}${search}`];
}

/** What a pattern shows, and what would mend it. */
function causeOf(pattern: Pattern, byName: boolean, names: readonly string[] | undefined): string {
  const nameOf = (label: number): string => names?.[label] ?? String(label);
  if (pattern.kind === 'permutation') {
    const examples = pattern.examples.map(([label, mode]) => `${nameOf(label)} as ${nameOf(mode)}`).join(', ');
    return (
      `the classes are in another order than the model's, as each is predicted as one other (${examples}; ` +
      `so are ${plainPercent(pattern.share, 2)} of the images). ` +
      `Name the classes in the order of the model with ${optionWords('class-names', 'FILE')}`
    );
  }
  const { by, share, labels } = pattern;
  const shift = `the label ${by > 0 ? 'plus' : 'minus'} ${Math.abs(by)}`;
  const where = labels === undefined ? 'of all images' : `of the images of ${describe(labels.map(nameOf))}`;
  const shown =
    `labels are off by ${Math.abs(by)}, ` + `as the prediction is ${shift} for ${plainPercent(share, 2)} ${where}`;
  if (byName || labels !== undefined)
    return (
      `${shown}. A class is missing or too many: name those of the model in its order with ` +
      `${optionWords('class-names', 'FILE')}`
    );
  return by > 0
    ? `${shown}. Raise ${optionWords('label-offset')} by ${by}`
    : `${shown}. Raise ${optionWords('first-label')} by ${-by}, or lower ${optionWords('label-offset')}`;
}

/** Causes where predictions follow no pattern, the likelier first. */
function likelyCauses(evidence: LabelEvidence, byName: boolean, names: readonly string[] | undefined): string {
  const { prediction, share } = evidence.favourite;
  const stuck = share >= 0.5;
  const order = `the order of the classes (${optionWords('class-names')})`;
  const offset = `the label offset (${optionWords('label-offset')}, ${optionWords('first-label')})`;
  const causes = byName && !stuck ? [order, 'preprocessing', offset] : ['preprocessing', order, offset];
  const seen = stuck
    ? `the model answers ${names?.[prediction] ?? `class ${prediction}`} for ${plainPercent(share, 2)} of the images. `
    : '';
  return (
    `${seen}${seen === '' ? 'something' : 'Something'} is wrong, most likely ${causes[0]}, ` +
    `else ${causes[1]} or ${causes[2]}`
  );
}

/** `3, 4, 5`, `3, 4, … 9` */
function describe(items: readonly string[]): string {
  return items.length <= 3 ? items.join(', ') : `${items[0]}, ${items[1]}, … ${items.at(-1)!}`;
}
