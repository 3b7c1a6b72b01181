import { misuse } from '../errors/error.ts';
import { closest } from '../errors/nearest.ts';
import { optionWords } from '../errors/option-words.ts';
import type { ClassList } from './class-list.ts';

/** Where names of the data lie in a list of classes. */
export interface Matching {
  /** The class of each name; `undefined` of those that the list does not have. */
  readonly classes: readonly (number | undefined)[];
  /** Names that the list does not have. */
  readonly unknown: readonly string[];
}

/**
 * Finds names in a list of classes: as they are written, else but for case, spaces, underscores, hyphens and slashes
 * where just one class is left.
 * @throws misuse `ambiguous-class` for a name that several classes bear, and for two names of one class
 */
export function matchNames(names: readonly string[], list: ClassList): Matching {
  const exact = indexBy(list.names, (name) => name);
  const loose = indexBy(list.names, loosely);
  const taken = new Map<number, string>();
  const classes = names.map((name) => {
    const found = exact.get(name) ?? loose.get(loosely(name)) ?? [];
    if (found.length > 1) throw ambiguous(list, `has "${name}" as classes ${found.join(' and ')}`);
    if (found.length === 0) return undefined;
    const [index] = found;
    const other = taken.get(index);
    if (other !== undefined)
      throw ambiguous(list, `has one class "${list.names[index]}" for both "${other}" and "${name}"`);
    taken.set(index, name);
    return index;
  });
  return { classes, unknown: names.filter((_, at) => classes[at] === undefined) };
}

/**
 * @param unit what the names are those of: `folders`
 * @throws misuse `unknown-class` that names the first few of these and what is near them
 */
export function refuseUnknown({ unknown }: Matching, list: ClassList, subject: string, unit: string): void {
  if (unknown.length === 0) return;
  const told = unknown.slice(0, 3).map((name) => {
    const near = closest(name, list.names);
    return `"${name}"${near === undefined ? '' : ` (near: "${near}")`}`;
  });
  const first = list.names.slice(0, 3).map((name) => `"${name}"`);
  const more = unknown.length > 3 ? ` and ${unknown.length - 3} more` : '';
  throw misuse({
    code: 'unknown-class',
    subject,
    problem:
      `has ${unit} that are not among the ${list.names.length} classes of ${list.from}: ` +
      `${told.join(', ')}${more}.`,
    advice:
      'Rename them or move them away, or name the classes of the model in its order with ' +
      `${optionWords('class-names', 'FILE')}. Its first: ${first.join(', ')}.`,
  });
}

function indexBy(names: readonly string[], key: (name: string) => string): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const [index, name] of names.entries()) {
    const same = found.get(key(name));
    if (same === undefined) found.set(key(name), [index]);
    else same.push(index);
  }
  return found;
}

function loosely(name: string): string {
  return name
    .normalize('NFC')
    .toLowerCase()
    .replace(/[\s_\-/]+/g, '');
}

function ambiguous(list: ClassList, problem: string): Error {
  return misuse({
    code: 'ambiguous-class',
    subject: list.from,
    problem: `${problem}.`,
    advice:
      `Each class needs a name of its own: write such names with ${optionWords('class-names', 'FILE')} and ` +
      'give the data the same.',
  });
}
