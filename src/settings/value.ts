import { z } from 'zod';
import { shown } from '../json/shown.ts';
import { Question } from '../quantities/quantities.ts';

/**
 * A value that may come as the text of a flag or as JSON of a config file.
 *
 * @param expected what is allowed, for the message: `a whole number from 1 up`
 * @param read gives the value, `undefined` where `given` is not of the expected form, or a question where it is in
 *   doubt what is meant. It must also accept what it gave before, so that resolved options can be written out and read
 *   again; but for numbers whose unit is in doubt.
 */
export function value<T>(expected: string, read: (given: unknown) => T | Question | undefined): z.ZodType<T> {
  return z.unknown().transform((given, context): T => {
    const result = read(given);
    const refuse = (told: string, asks = false): never => {
      context.addIssue({ code: 'custom', message: `got ${shown(given)}${told}`, params: { asks } });
      return z.NEVER;
    };
    if (result instanceof Question) return refuse(`: ${result.text}`, true);
    if (result === undefined) return refuse(`, expected ${expected}.`);
    return result;
  });
}

/** Whether an issue only asks what was meant by a number. */
export function isQuestion(issue: z.core.$ZodIssue): boolean {
  return issue.code === 'custom' && issue.params?.asks === true;
}

/** A value as the text of a flag; empty, which is no value, for what is neither text nor number. */
export function asText(given: unknown): string {
  return typeof given === 'string' || typeof given === 'number' ? String(given) : '';
}

/** One of some words. */
export function choice<const W extends string>(words: readonly W[]): z.ZodType<W> {
  return value(`one of ${words.join(', ')}`, (given) => words.find((word) => word === given));
}

/** A flag without a value; `true` or `false` in a config file. */
export function toggle(): z.ZodType<boolean> {
  return value('true or false', (given) => (typeof given === 'boolean' ? given : undefined));
}

/** A path or a name. */
export function text(expected: string): z.ZodType<string> {
  return value(expected, (given) => (typeof given === 'string' && given !== '' ? given : undefined));
}

/**
 * Several texts: those of a flag that was given again and again, or a list in a config file, where one may stand alone.
 */
export function texts(expected: string): z.ZodType<readonly string[]> {
  return value(expected, (given) => {
    const all: unknown[] = Array.isArray(given) ? given : [given];
    return all.every((one) => typeof one === 'string' && one !== '') ? (all as string[]) : undefined;
  });
}
