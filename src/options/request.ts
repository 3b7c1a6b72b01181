import type { z } from 'zod';
import type { OptionName } from '../settings/option.ts';
import { readOptions } from './read-options.ts';

/** An option's value: as it is resolved, or in any form that a flag or config file takes. */
type Given<T> = [T] extends [boolean] ? T : T | string | number;

/**
 * The options of a command by the names of their flags, as in a config file: `'label-offset': 1`, `grid: '5x5x31'`.
 * Those that are `Needed` have to be given.
 */
export type RequestOf<Options, Needed extends keyof Options> = Pick<Options, Needed> & {
  readonly [K in Exclude<keyof Options, Needed> & string as OptionName<K>]?: Given<NonNullable<Options[K]>>;
};

/** What was given of a request; an option that is `undefined` was not. */
export function givenOf(request: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined));
}

/** @throws misuse as `readOptions`, of `option NAME` */
export function optionsOf<S extends z.ZodObject>(schema: S, request: object): z.output<S> {
  return readOptions(schema, [{ values: givenOf(request), describe: (name) => `option ${name}` }]);
}
