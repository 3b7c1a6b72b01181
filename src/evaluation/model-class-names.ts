import { namesOf, type ClassList } from '../data/class-list.ts';
import { readLiteral } from '../data/literal.ts';

/**
 * Keys under which exporters keep the names of a model's classes: `gimbal.classes` is ours, `names` that of ultralytics
 * (a Python dictionary), `id2label` that of transformers (JSON), the others are in use here and there.
 */
const KEYS = [
  'gimbal.classes',
  'names',
  'class_names',
  'classes',
  'labels',
  'id2label',
  'class_to_idx',
  'label2id',
  'classNames',
  'class_labels',
  'categories',
  'idx_to_class',
];

/** What transformers writes where nobody named the classes. */
const PLACEHOLDER = /^(label|class)[ _-]?\d+$/i;

/** The names of a model's classes by its metadata; `undefined` where these hold none that can be read as such. */
export function classListOf(metadata: ReadonlyMap<string, string>): ClassList | undefined {
  for (const key of KEYS) {
    const text = metadata.get(key);
    const names = text === undefined ? undefined : readNames(text);
    if (names !== undefined && names.length > 1 && !names.every((name) => PLACEHOLDER.test(name)))
      return { names, from: `the model's metadata "${key}"` };
  }
  return undefined;
}

/** A literal of Python or JSON, or names between commas or on lines. */
function readNames(text: string): string[] | undefined {
  const literal = readLiteral(text);
  if (literal !== undefined) return namesOf(literal);
  if (/^\s*[[{(]/.test(text)) return undefined;
  const separator = text.trim().includes('\n') ? /\r?\n/ : /[,;]/;
  const names = text.trim().split(separator);
  return namesOf(names.map((name) => name.trim()));
}
