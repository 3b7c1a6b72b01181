import { z } from 'zod';

/** What a command line, a help text and a table need to know of an option beside its schema. */
export interface OptionFacts {
  readonly group: string;
  /** One line, with units. Of a toggle it tells what the form that changes the default does. */
  readonly help: string;
  /** What stands for the value in help: `DEG`. Flags without a value have none. */
  readonly value?: string;
  /** The default in words, where it is found only while running. */
  readonly defaultText?: string;
  /** Given without a flag's name, in this order after the command. */
  readonly positional?: boolean;
  /** The flag may be given again, an argument be followed by more: the value is the list of all. */
  readonly repeatable?: boolean;
  /**
   * Whether results may depend on it, if only through the rounding of a logit. An option that can is part of a run's
   * identity: a run folder goes on only with the same.
   */
  readonly affectsResults: boolean;
}

const registry = z.registry<OptionFacts>();

/** Adds to an option's schema what help and tables say about it. */
export function option<S extends z.ZodType>(
  schema: S,
  facts: Omit<OptionFacts, 'affectsResults'> & { readonly affectsResults?: boolean },
): S {
  if (registry.has(schema)) throw new Error(`internal: an option is told twice: ${facts.help}`);
  registry.add(schema, { affectsResults: true, ...facts });
  return schema;
}

/** An option of another command told in other words: the same values, and what else is said of it. */
export function retold<S extends z.ZodType>(schema: S, facts: Partial<OptionFacts>): S {
  const own = schema.clone();
  registry.add(own, { ...registry.get(schema)!, ...facts });
  return own;
}

/** An option as flags, config file, help and tables see it. */
export interface OptionEntry extends OptionFacts {
  /** Key in the parsed options: `failUnder`. */
  readonly key: string;
  /** Name in config files, and behind the dashes of the flag: `fail-under`. */
  readonly name: string;
  /** What is taken where the option is not given; `undefined` where there is no fixed default. */
  readonly default: unknown;
}

/** The options of a schema, in its order. */
export function optionEntries(schema: z.ZodObject): OptionEntry[] {
  return Object.entries(schema.shape).map(([key, field]) => {
    const facts = registry.get(field);
    if (facts === undefined) {
      throw new Error(`internal: option ${key} has no facts`);
    }
    return {
      ...facts,
      key,
      name: optionName(key),
      default: field instanceof z.ZodDefault ? field.parse(undefined) : undefined,
    };
  });
}

/** `failUnder` → `fail-under`, in types. */
export type OptionName<Key extends string> = Key extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `-${Lowercase<First>}`}${OptionName<Rest>}`
  : Key;

/** `failUnder` → `fail-under`. */
export function optionName(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
