import { visit } from 'jsonc-parser';
import { misuse } from '../errors/error.ts';

/** Where a JSON text came from, for messages. */
export interface JsonSource {
  /** The file, or whatever else holds the text. */
  readonly subject: string;
  /** Code of the error, for programs. */
  readonly code: string;
  /** What to do about a text that is damaged. */
  readonly advice?: string;
}

/** Nothing that Gimbal reads is nested more deeply; whatever walks over a value can then do so by recursion. */
const DEEPEST = 100;

/**
 * The value of a JSON text. Beyond what JSON itself demands, an object names each key once and none is `__proto__`.
 * @throws misuse with the code of the source, naming line and column and what was found there
 */
export function parseJson(text: string, source: JsonSource): unknown {
  const refuse = (problem: string, cause?: unknown): Error => misuse({ ...source, problem }, { cause });
  if (text.trim() === '') throw refuse('is empty.');
  if (depthOf(text) > DEEPEST) throw refuse(`is nested more than ${DEEPEST} levels deep.`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw refuse(`is not JSON: ${faultIn(text) ?? (error as Error).message}.`, error);
  }
  const wrongKey = wrongKeyIn(text);
  if (wrongKey !== undefined) throw refuse(`${wrongKey}.`);
  return value;
}

/** Brackets that are open at once, those in strings aside. */
function depthOf(text: string): number {
  let [depth, deepest, inString] = [0, 0, false];
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (inString) {
      if (char === '\\') i++;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if (char === '[' || char === '{') deepest = Math.max(deepest, ++depth);
    else if (char === ']' || char === '}') depth--;
  }
  return deepest;
}

/** The first thing that JSON does not allow, with its place. */
function faultIn(text: string): string | undefined {
  let fault: string | undefined;
  visit(text, {
    onError(_code, offset, _length, line, character) {
      fault ??= `line ${line + 1}, column ${character + 1}: ${describe(text.slice(offset))}`;
    },
    onComment(_offset, _length, line, character) {
      fault ??= `line ${line + 1}, column ${character + 1}: a comment, which JSON does not have`;
    },
  });
  return fault;
}

/** Things that people and other languages write and JSON does not have. */
const HABITS: readonly (readonly [RegExp, string])[] = [
  [/^[+-]?(NaN|Infinity|inf|nan)\b/, 'is no number in JSON'],
  [/^(True|False|None)\b/, 'is written true, false or null in JSON'],
  [/^'/, 'opens a text, which JSON puts between double quotes'],
  [/^[}\]]/, 'follows a comma after which something is missing, or closes what is not open'],
];

function describe(rest: string): string {
  if (rest.trim() === '' || /^"(?:[^"\\\n]|\\.)*\\?$/.test(rest)) return 'it ends before it is complete';
  const found = /^(?:-?[\w.]+|.)/su.exec(rest)?.[0] ?? rest.slice(0, 1);
  const habit = HABITS.find(([form]) => form.test(rest))?.[1];
  return `found ${JSON.stringify(found)}${habit === undefined ? ', which does not belong there' : `, which ${habit}`}`;
}

function wrongKeyIn(text: string): string | undefined {
  const open: Set<string>[] = [];
  let wrong: string | undefined;
  visit(text, {
    onObjectBegin: () => void open.push(new Set()),
    onObjectEnd: () => void open.pop(),
    onObjectProperty(key, _offset, _length, line, character) {
      const keys = open.at(-1) as Set<string>;
      const place = `line ${line + 1}, column ${character + 1}`;
      if (key === '__proto__') wrong ??= `${place}: "__proto__" is no key that anything here has`;
      if (keys.has(key)) wrong ??= `${place}: the key ${JSON.stringify(key)} is there twice`;
      keys.add(key);
    },
  });
  return wrong;
}
