import { z } from 'zod';
import { misuse } from '../errors/error.ts';
import { optionWords } from '../errors/option-words.ts';
import { didYouMean } from '../errors/nearest.ts';
import { isQuestion } from '../settings/value.ts';
import { type OptionEntry, optionEntries } from '../settings/option.ts';

/** Values by option name (`fail-under`), and what to call such an option in a message. */
export interface OptionValues {
  readonly values: Readonly<Record<string, unknown>>;
  /** `--grid`, `grid in gimbal.json`. */
  readonly describe: (name: string) => string;
}

/**
 * Options out of several places; a later one overrides an earlier one.
 *
 * @throws misuse `unknown-option`, `missing-option`, `invalid-option`, `unknown-attack`
 */
export function readOptions<S extends z.ZodObject>(schema: S, places: readonly OptionValues[]): z.output<S> {
  const { merged, described, entries } = gather(schema, places);
  const result = schema.safeParse(merged);
  if (!result.success) {
    throw invalid(result.error, entries, described);
  }
  return result.data;
}

/**
 * Options as a configuration holds them. They were resolved once: what a number means that is in doubt on a command
 * line was answered there, and is not asked again.
 *
 * @throws misuse `unknown-option`, `missing-option`, `invalid-option`, `unknown-attack`
 */
export function resolvedOptions<S extends z.ZodObject>(schema: S, place: OptionValues): z.output<S> {
  const { merged, described, entries } = gather(schema, [place]);
  const result = schema.safeParse(merged);
  if (result.success) return result.data;
  const faults = result.error.issues.filter((issue) => !isQuestion(issue));
  if (faults.length > 0) throw invalid(new z.ZodError(faults), entries, described);
  const defaults = Object.fromEntries(entries.map((entry) => [entry.key, entry.default]));
  return { ...defaults, ...merged } as z.output<S>;
}

interface Gathered {
  readonly entries: readonly OptionEntry[];
  /** By key. */
  readonly merged: Record<string, unknown>;
  /** What to call each. */
  readonly described: ReadonlyMap<string, string>;
}

function gather(schema: z.ZodObject, places: readonly OptionValues[]): Gathered {
  const entries = optionEntries(schema);
  const merged: Record<string, unknown> = {};
  const described = new Map<string, string>();
  for (const { values, describe } of places) {
    for (const [name, given] of Object.entries(values)) {
      const entry = entryNamed(name, entries, describe);
      merged[entry.key] = given;
      described.set(entry.key, describe(name));
    }
  }
  return { entries, merged, described };
}

function entryNamed(name: string, entries: readonly OptionEntry[], describe: (name: string) => string): OptionEntry {
  const entry = entries.find((known) => known.name === name);
  if (entry === undefined) {
    throw misuse({
      code: 'unknown-option',
      subject: describe(name),
      problem: `is not an option.${didYouMean(
        name,
        entries.map((known) => known.name),
      )}`,
    });
  }
  return entry;
}

function invalid(error: z.ZodError, entries: readonly OptionEntry[], described: ReadonlyMap<string, string>): Error {
  const [first] = error.issues;
  const entry = entries.find(({ key }) => key === first?.path[0]);
  if (first === undefined || entry === undefined) {
    return new Error('internal: options were refused without naming one', { cause: error });
  }
  const given = described.get(entry.key);
  if (given === undefined) {
    const name = entry.positional ? String(entry.value) : optionWords(entry.name, entry.value);
    return misuse({ code: 'missing-option', subject: name, problem: 'is missing.', advice: entry.help });
  }
  return misuse({ code: 'invalid-option', subject: given, problem: first.message });
}
