import type { z } from 'zod';
import { formatAttackName, parseAttackName } from '../../attacks/attack-name.ts';
import { toNumber } from './numbers.ts';
import { value } from './value.ts';

function canonical(name: string): string {
  return formatAttackName(parseAttackName(name));
}

/**
 * `natural,worst-of-10,grid:rotation` as canonical names, each once. `natural` is always among them and the first:
 * every other figure is read against it.
 */
export function attackList(): z.ZodType<readonly string[]> {
  return value('names of attacks separated by commas, as natural,random,worst-of-10,grid', (given) => {
    const names: unknown[] = typeof given === 'string' ? given.split(',') : Array.isArray(given) ? given : [];
    const sound = names.length > 0 && names.every((name) => typeof name === 'string' && name.trim() !== '');
    return sound ? [...new Set(['natural', ...(names as string[]).map(canonical)])] : undefined;
  });
}

/** Least accuracy in percent by name of the attack: `grid=60,worst-of-10=70`. */
export type Gates = Readonly<Record<string, number>>;

export function gates(): z.ZodType<Gates> {
  return value('the least accuracy in percent (0 to 100) for each attack, as grid=60,worst-of-10=70', (given) => {
    const entries =
      typeof given === 'string'
        ? given.split(',').map((part) => part.split('='))
        : isRecord(given)
          ? Object.entries(given)
          : [];
    const parsed = entries.map(([name, percent]) => [name, toNumber(percent)] as const);
    const sound =
      parsed.length > 0 &&
      parsed.every(([name, percent]) => name && percent !== undefined && percent >= 0 && percent <= 100);
    return sound && entries.every((entry) => entry.length === 2)
      ? Object.fromEntries(parsed.map(([name, percent]) => [canonical(String(name)), percent!]))
      : undefined;
  });
}

function isRecord(given: unknown): given is Record<string, unknown> {
  return typeof given === 'object' && given !== null && !Array.isArray(given);
}
