import { misuse } from '../errors/error.ts';
import { readLiteral, type Literal } from './literal.ts';

/** The names of all classes of a model, in its order, and who says so. */
export interface ClassList {
  readonly names: readonly string[];
  /** For messages: `--class-names classes.txt`, `the model's metadata "names"`. */
  readonly from: string;
}

/** Nobody has more classes, and a damaged file can say any number. */
const MOST = 1_000_000;

/**
 * Class names out of a value: a list of names, a dictionary from numbers to names (`{0: 'cat', 1: 'dog'}`), or one from
 * names to numbers, as `class_to_idx`. Numbers must run from 0 up without a gap.
 * @returns `undefined` for anything else
 */
export function namesOf(value: Literal): string[] | undefined {
  if (Array.isArray(value)) {
    const names = value.map((name) => (typeof name === 'number' ? String(name) : name));
    return names.every((name) => typeof name === 'string') ? usable(names) : undefined;
  }
  if (!(value instanceof Map)) return undefined;
  const entries = [...value];
  const isNumber = (label: unknown): boolean => /^\d{1,7}$/.test(String(label));
  const pairs = entries.every(([key, name]) => isNumber(key) && typeof name === 'string')
    ? entries.map(([key, name]) => [Number(key), name as string] as const)
    : entries.every(([, label]) => isNumber(label))
      ? entries.map(([name, label]) => [Number(label), name] as const)
      : undefined;
  if (pairs === undefined) return undefined;
  const names: string[] = [];
  for (const [label, name] of pairs) {
    if (label >= pairs.length || names[label] !== undefined) return undefined;
    names[label] = name;
  }
  return usable(names);
}

/** None may be blank. Some may be the same, as two "crane" in the usual names of ImageNet. */
function usable(names: readonly string[]): string[] | undefined {
  const trimmed = names.map((name) => name.trim());
  return trimmed.length > 0 && trimmed.length <= MOST && !trimmed.includes('') ? trimmed : undefined;
}

/**
 * Class names out of the text of a file: JSON or a Python literal as `namesOf` takes them, else a name on each line.
 * @param subject the file, for messages
 * @throws misuse `malformed-class-names`
 */
export function parseClassNames(text: string, subject: string): string[] {
  if (/^\s*[[{(]/.test(text)) {
    const literal = readLiteral(text);
    const names = literal === undefined ? undefined : namesOf(literal);
    if (names !== undefined) return names;
    throw malformed(
      subject,
      literal === undefined
        ? 'begins like JSON but cannot be read as such.'
        : 'holds no list of names and no dictionary between names and the numbers from 0 up.',
    );
  }
  const lines = text.split(/\r\n|\n|\r/).map((line) => line.trim());
  while (lines.at(-1) === '') lines.pop();
  if (lines.length === 0) throw malformed(subject, 'is empty.');
  const empty = lines.indexOf('');
  if (empty >= 0) throw malformed(subject, `line ${empty + 1} is empty.`);
  if (lines.length > MOST) throw malformed(subject, `has ${lines.length} lines.`);
  return lines;
}

function malformed(subject: string, problem: string): Error {
  return misuse({
    code: 'malformed-class-names',
    subject,
    problem,
    advice:
      'It should name every class of the model in its order: a name on each line, a JSON list, or {"0": "cat", ' +
      '"1": "dog"}.',
  });
}
