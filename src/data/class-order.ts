import { optionWords } from '../errors/option-words.ts';
/** An order of class names, and how it is told. */
export interface ClassOrder {
  readonly names: readonly string[];
  /** `10 folders, in numeric order: 0, 1, … 9` */
  readonly told: string;
}

const collator = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

/**
 * Puts the names of classes in order: as numbers where all are whole numbers, else by their characters, as Python's
 * `sorted` does.
 * @param unit what bears the names: `folders`
 */
export function orderClasses(given: readonly string[], unit: string): ClassOrder {
  const numeric = areNumbers(given);
  const byText = [...given].sort(collator);
  const names = numeric ? [...given].sort((one, other) => compareNumbers(one, other) || collator(one, other)) : byText;
  const otherwise = names.some((name, at) => name !== byText[at])
    ? ` (sorted as text, as torchvision's ImageFolder does, they would be ${few(byText)}: ` +
      `if the model was trained so, say it with ${optionWords('class-names', 'FILE')})`
    : '';
  return {
    names,
    told: `${names.length} ${unit}, in ${numeric ? 'numeric' : 'alphabetical'} order: ${few(names)}${otherwise}`,
  };
}

/** Whether all names are whole numbers, as those of folders `0` to `9`. */
export function areNumbers(names: readonly string[]): boolean {
  return names.length > 0 && names.every((name) => /^\d+$/.test(name));
}

/** `0, 1, … 9` */
export function few(names: readonly string[]): string {
  return names.length <= 4 ? names.join(', ') : `${names[0]}, ${names[1]}, … ${names.at(-1)!}`;
}

function compareNumbers(one: string, other: string): number {
  const [a, b] = [BigInt(one), BigInt(other)];
  return a < b ? -1 : a > b ? 1 : 0;
}
