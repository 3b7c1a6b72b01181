import { optionWords } from '../errors/option-words.ts';

/** JSON as it stands in `config.json`. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A value as it is once it was written as JSON and read again: without what is undefined. */
export function toJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}

/** Each value by its dotted path. Lists are values: a grid or a list of attacks is read as one. */
function leaves(value: Json, path: string[] = []): [string, string][] {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, key]));
  }
  return [[path.join('.'), JSON.stringify(value)]];
}

/** An option's key, `--rotation`, in the words of whoever shows it; any other as it is. */
function told(key: string): string {
  return key.replace(/^--([^.]+)/, (_, name: string) => optionWords(name));
}

/** Where two configurations differ: `rotation: 30 there, 40 now`, or by other words for the two. */
export function differences(
  one: Json,
  other: Json,
  [where, elsewhere]: readonly [string, string] = ['there', 'now'],
): string[] {
  const [before, after] = [new Map(leaves(one)), new Map(leaves(other))];
  const keys = [...new Set([...before.keys(), ...after.keys()])];
  return keys
    .filter((key) => before.get(key) !== after.get(key))
    .map(
      (key) => `${told(key)}: ${before.get(key) ?? 'not set'} ${where}, ${after.get(key) ?? 'not set'} ${elsewhere}`,
    );
}

/** The same text for equal JSON, whatever the order of its keys. */
export function canonicalText(value: Json): string {
  return JSON.stringify(leaves(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
