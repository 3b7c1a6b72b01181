import type { z } from 'zod';
import type { AttackSetting, SettingValues } from '../attacks/definition.ts';
import { ATTACKS, type AttackSettingsByName } from '../attacks/registry.ts';
import { option } from '../settings/option.ts';

/** Schemas by key; a value is left out where each attack has a default of its own. */
type AttackOptions = {
  [K in keyof AttackSettingsByName]: z.ZodType<SettingValues<AttackSettingsByName>[K] | undefined>;
};

interface Use {
  readonly attack: string;
  readonly setting: AttackSetting<unknown>;
}

/** The options that set what attacks declare, of one group of the help. A setting that attacks share is one option. */
export function attackOptions(group: string): AttackOptions {
  const uses = new Map<string, Use[]>();
  for (const { name, settings } of ATTACKS)
    for (const [key, setting] of Object.entries(settings))
      uses.set(key, [...(uses.get(key) ?? []), { attack: name, setting }]);
  const entries = [...uses]
    .filter(([, [{ setting }]]) => setting.facts.group === group)
    .map(([key, shared]) => [key, optionOf(shared)] as const);
  return Object.fromEntries(entries) as unknown as AttackOptions;
}

/** A fixed default stands in the schema; one that is worked out, or that differs between attacks, in words. */
function optionOf(uses: readonly Use[]): z.ZodType {
  const [{ setting }] = uses;
  const isFixed = setting.default !== undefined && uses.every((use) => use.setting.default === setting.default);
  return isFixed
    ? option(setting.schema.default(setting.default), setting.facts)
    : option(setting.schema.optional(), { ...setting.facts, defaultText: defaultsInWords(uses) });
}

/** `200 for first-order, 5 for pgd-linf, pgd-l2 and combined`; of a single default its words alone. */
function defaultsInWords(uses: readonly Use[]): string {
  const attacks = new Map<string, string[]>();
  for (const { attack, setting } of uses) {
    const words = setting.defaultText ?? String(setting.default);
    attacks.set(words, [...(attacks.get(words) ?? []), attack]);
  }
  return attacks.size === 1
    ? [...attacks.keys()][0]
    : Array.from(attacks, ([words, names]) => `${words} for ${inSentence(names)}`).join(', ');
}

function inSentence(names: readonly string[]): string {
  return names.length === 1 ? names[0] : `${names.slice(0, -1).join(', ')} and ${names.at(-1)!}`;
}
