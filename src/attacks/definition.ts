import type { z } from 'zod';
import type { Question } from '../quantities/quantities.ts';
import type { OptionFacts } from '../settings/option.ts';
import type { Box, Subset } from '../sets/box.ts';
import type { WarpSettings } from '../transform/warp.ts';
import type { Attack, Grade } from './attack.ts';

/** A setting of an attack: the option that sets it, and what the attack takes where it is not given. */
export interface AttackSetting<T> {
  /** How it is read: form, unit, bounds. */
  readonly schema: z.ZodType<T>;
  readonly facts: Pick<OptionFacts, 'group' | 'value' | 'help'>;
  readonly default: T;
  /** The default in words, where its digits do not say it: `8/255`. */
  readonly defaultText?: string;
}

type Settings = Readonly<Record<string, AttackSetting<unknown>>>;

/** The values of settings. */
export type SettingValues<S> = {
  readonly [K in keyof S]: S[K] extends { readonly schema: z.ZodType<infer T> } ? T : never;
};

/** What was asked for by a name like `worst-of-10:rotation` or `pgd-linf@4/255`. */
export interface AttackName {
  /** The name of its definition: `worst-of-K`. */
  readonly kind: string;
  /** The number that stands for K. */
  readonly k?: number;
  readonly subset: Subset;
  /** Radius in raw pixels as the name spells it: `4/255`. */
  readonly epsilon?: string;
}

/** What decides every attack of a run, beside its own settings. */
export interface CommonSettings {
  readonly box: Box;
  /** How images are transformed. */
  readonly warp: WarpSettings;
  readonly seed: number;
  /** Try everything, also after the image is fooled. */
  readonly exhaustive: boolean;
  /** Keep the loss of every point of a grid; goes with `exhaustive`. */
  readonly keepLosses: boolean;
}

/** What an attack is made from. Its box is restricted to the subset. */
export interface Asked<S> extends CommonSettings, Omit<AttackName, 'kind'> {
  readonly name: string;
  readonly settings: SettingValues<S>;
}

/** What a gate on breaking points asks for: that a share of the images withstands everything up to a size. */
export interface ToleranceGate {
  /** In degrees, pixels or as a share of the box, as the attack measures it. */
  readonly size: number;
  /** In percent. */
  readonly share: number;
}

/** Everything about an attack, in the file that holds its search. `registry.ts` lists all of them. */
export interface AttackDefinition<S extends Settings = Settings> {
  /** K in it stands for a whole number: `worst-of-K`. */
  readonly name: string;
  /** An example of the name, where it has a K. */
  readonly example?: string;
  /** Whether it has the forms :rotation and :translation. */
  readonly hasForms: boolean;
  /** Whether its name takes the radius of pixel noise: `@4/255`. */
  readonly takesRadius: boolean;
  readonly settings: S;
  /** How `--fail-under` reads what has to be reached under it; where left out, as an accuracy in percent. */
  readonly gate?: (given: unknown, name: AttackName) => ToleranceGate | Question;
  /** What it certifies in each of its forms, where it certifies something. */
  readonly grades?: Readonly<Record<Subset, Grade>>;
  /**
   * Where the page of `gimbal view` offers it for a picture: a few words to choose it by, and whether it goes on there
   * after the first that fools, as the worst is not known while some are untried.
   */
  readonly page?: { readonly words: string; readonly exhaustive: boolean };
  /** Its row in the documentation, in Markdown. */
  readonly documentation: { readonly tries: string; readonly rightWhen: string };
  create(asked: Asked<S>): Attack;
}

/** An attack's definition with the types of its settings. */
export function defineAttack<const S extends Settings>(definition: AttackDefinition<S>): AttackDefinition<S> {
  return definition;
}
