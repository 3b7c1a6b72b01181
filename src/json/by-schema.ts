import type { z } from 'zod';
import { misuse } from '../errors/error.ts';
import { expectationOf } from './expectation.ts';
import { type JsonSource, parseJson } from './parse-json.ts';
import { shown } from './shown.ts';

/**
 * A JSON text, read by a schema.
 * @throws misuse with the code of the source: the place (line and column, or the path of keys), what was found and
 *   what is allowed
 */
export function parseBySchema<S extends z.ZodType>(text: string, schema: S, source: JsonSource): z.output<S> {
  return bySchema(parseJson(text, source), schema, source);
}

/** As `parseBySchema`, of a value that is parsed already. */
export function bySchema<S extends z.ZodType>(value: unknown, schema: S, source: JsonSource): z.output<S> {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  throw misuse({ ...source, problem: `${describeFault(read.error, value)}.` });
}

/** What is wrong with a value, by the first fault of its schema: `'options.limit': found "all", expected a number`. */
export function describeFault(error: z.ZodError, value: unknown): string {
  const [issue] = error.issues;
  const { path, expected } = deepest(issue);
  const where = path.length === 0 ? '' : `'${path.join('.')}'`;
  if (issue.code === 'unrecognized_keys') return `${named(path, issue.keys[0])} is no key that is known there`;
  const found = at(value, path);
  if (found === undefined && path.length > 0) return `${where} is missing`;
  // An issue of our own is a sentence.
  if (issue.code === 'custom') return `${where} ${expected}`.trim();
  return `${path.length === 0 ? 'holds' : `${where}: found`} ${shown(found)}, expected ${expected}`;
}

function named(path: readonly PropertyKey[], key: string): string {
  return `'${[...path, key].join('.')}'`;
}

interface Told {
  readonly path: readonly PropertyKey[];
  readonly expected: string;
}

/** Of a union the fault of that form which the value comes nearest to. */
function deepest(issue: z.core.$ZodIssue): Told {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0)
    return { path: issue.path, expected: expectationOf(issue) };
  const told = issue.errors.map(([first]) => deepest(first));
  const depth = told.reduce((most, { path }) => Math.max(most, path.length), 0);
  const nearest = told.filter(({ path }) => path.length === depth);
  const expected = new Set(nearest.map((one) => one.expected));
  return { path: [...issue.path, ...nearest[0].path], expected: [...expected].join(' or ') };
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, key)
        ? (inner as Record<PropertyKey, unknown>)[key]
        : undefined,
    value,
  );
}
