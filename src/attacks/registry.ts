import { BOUNDED } from './bounded.ts';
import { COMBINED } from './combined.ts';
import type { AttackDefinition, SettingValues } from './definition.ts';
import { FIRST_ORDER } from './first-order.ts';
import { GRID } from './grid.ts';
import { NATURAL } from './natural.ts';
import { PGD_L2, PGD_LINF } from './pgd.ts';
import { PROVED } from './proved.ts';
import { RANDOM } from './random.ts';
import { STRONGEST } from './strongest.ts';
import { TOLERANCE } from './tolerance.ts';
import { WORST_OF_K } from './worst-of-k.ts';

/** All attacks there are, in the order in which help and documentation name them. */
const REGISTRY = [
  NATURAL,
  RANDOM,
  WORST_OF_K,
  GRID,
  FIRST_ORDER,
  PGD_LINF,
  PGD_L2,
  COMBINED,
  STRONGEST,
  TOLERANCE,
  PROVED,
  BOUNDED,
] as const;

/** The same with settings of any kind. */
export const ATTACKS: readonly AttackDefinition[] = REGISTRY as unknown as readonly AttackDefinition[];

type Intersection<U> = (U extends unknown ? (union: U) => void : never) extends (all: infer I) => void ? I : never;

/** The settings of all attacks, by name. */
export type AttackSettingsByName = Intersection<(typeof REGISTRY)[number]['settings']>;

/** Values of settings, by name; what is left out is as each attack has it by default. */
export type GivenSettings = Partial<SettingValues<AttackSettingsByName>>;

/** Names of all settings. */
export const SETTING_NAMES = [
  ...new Set(ATTACKS.flatMap(({ settings }) => Object.keys(settings))),
] as readonly (keyof AttackSettingsByName)[];
