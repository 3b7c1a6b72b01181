import { misuse } from '../errors/error.ts';
import { optionWords } from '../errors/option-words.ts';

/** A cell of a column of labels, trimmed, and where it stands in the file: `line 7`. */
export interface LabelCell {
  readonly text: string;
  readonly place: string;
}

/** What a column of labels says: class numbers, or names by which classes are still to be numbered. */
export type LabelColumn = { readonly numbers: readonly number[] } | { readonly names: readonly string[] };

/** Whole numbers, also as pandas writes those of a column with gaps: `7.0`. */
const WHOLE = /^[+-]?\d+(\.0*)?$/;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+|inf(inity)?)(e[+-]?\d+)?$/i;
/** What stands where there is no value; nobody calls a class so. */
const MISSING = /^(nan|<na>|n\/a|null|#n\/a)$/i;
/**
 * From this part of whole numbers on, a column is one of numbers, and what is none is an error. Names can be numbers,
 * as those of cars.
 */
const NUMBERS_FROM = 0.2;

/**
 * Reads a column of labels as a whole: numbers if whole numbers make up a fifth of it or more, and then each cell must
 * be one; else names. Names that a list has are names whatever they look like.
 * @param subject the file, for messages
 * @param known names of all classes, where they are known
 * @throws misuse `malformed-label` that names the place
 */
export function readLabelColumn(
  cells: readonly LabelCell[],
  subject: string,
  known: readonly string[] = [],
): LabelColumn {
  const odd = (cell: LabelCell, why: string): Error => malformed(subject, cell, why);
  const blank = cells.find(({ text }) => text === '');
  if (blank !== undefined) throw odd(blank, 'has no label');
  const list = new Set(known);
  if (list.size > 0 && cells.every(({ text }) => list.has(text))) return { names: cells.map(({ text }) => text) };
  const whole = cells.filter(({ text }) => WHOLE.test(text)).length;
  const numeric = cells.filter(({ text }) => NUMBER.test(text)).length;
  const asNumbers = whole >= NUMBERS_FROM * cells.length || numeric === cells.length;
  const others = cells.filter(({ text }) => (asNumbers ? !WHOLE.test(text) : isNoName(text)));
  if (others.length > 0) {
    const few = asNumbers && whole > 0 && others.length > whole ? cells.filter(({ text }) => WHOLE.test(text)) : others;
    const [first] = few;
    const more = few.length > 1 ? ` (and ${few.length - 1} more like it)` : '';
    if (!asNumbers) throw odd(first, `has the label "${first.text}"${more}, which is no name`);
    if (few !== others) throw odd(first, `has the label "${first.text}"${more}, a number where the others are names`);
    const rest = whole === 0 ? '' : `, as ${whole === 1 ? 'that of another is' : `those of ${whole} others are`}`;
    throw odd(first, `has the label "${first.text}"${more}, which is no whole number${rest}`);
  }
  if (!asNumbers) return { names: cells.map(({ text }) => text) };
  const numbers = cells.map(({ text }) => Number(text));
  const outside = numbers.findIndex((label) => !(label >= 0 && Number.isSafeInteger(label)));
  if (outside >= 0) throw odd(cells[outside], `has label ${cells[outside].text}; labels are whole numbers from 0 up`);
  return { numbers };
}

/** Numbers that are not whole and words for a missing value are slips among names. */
function isNoName(text: string): boolean {
  return MISSING.test(text) || (NUMBER.test(text) && !WHOLE.test(text));
}

function malformed(subject: string, { place }: LabelCell, problem: string): Error {
  return misuse({
    code: 'malformed-label',
    subject: `${subject}, ${place}`,
    problem: `${problem}.`,
    advice:
      'Correct it. If labels that look like numbers are names of classes, ' +
      `list the names of all classes with ${optionWords('class-names', 'FILE')}.`,
  });
}
