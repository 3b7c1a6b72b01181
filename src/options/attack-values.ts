import type { z } from 'zod';
import type { ToleranceGate } from '../attacks/definition.ts';
import { ATTACKS } from '../attacks/registry.ts';
import { formatAttackName, parseAttackName } from '../attacks/attack-name.ts';
import { requireOwnAttack } from '../attacks/own-attack.ts';
import { misuse } from '../errors/error.ts';
import { percentage, pixelSize, Question } from '../quantities/quantities.ts';
import { value } from '../settings/value.ts';

/** @throws misuse `unknown-attack`, `value-in-doubt` */
function canonical(text: string): string {
  const name = parseAttackName(text);
  const radius = name.epsilon === undefined ? undefined : pixelSize(name.epsilon);
  if (radius instanceof Question)
    throw misuse({ code: 'value-in-doubt', subject: `attack "${text}"`, problem: `its radius: ${radius.text}` });
  return formatAttackName(name);
}

/**
 * `natural,worst-of-10,grid:rotation` as canonical names, each once; a program may give attacks of its own among them.
 * `natural` is always there and the first: every other figure is read against it.
 */
export function attackList(): z.ZodType<readonly string[]> {
  return value('names of attacks separated by commas, as natural,random,worst-of-10,grid', (given) => {
    const names: unknown[] = typeof given === 'string' ? given.split(',') : Array.isArray(given) ? given : [];
    const sound = names.length > 0 && names.every(isAttack);
    return sound ? [...new Set(['natural', ...names.map(nameOf)])] : undefined;
  });
}

function isAttack(given: unknown): given is string | object {
  return typeof given === 'string' ? given.trim() !== '' : typeof given === 'object' && given !== null;
}

/** @throws misuse `unknown-attack`, `value-in-doubt`, `attack-incomplete`, `attack-name-taken` */
function nameOf(given: string | object): string {
  return typeof given === 'string' ? canonical(given) : requireOwnAttack(given).name;
}

/** The least accuracy in percent, or a share of images that withstands a size. */
export type Gate = number | ToleranceGate;

/** By name of the attack: `grid=60,tolerance:rotation=10deg@95`. */
export type Gates = Readonly<Record<string, Gate>>;

export function gates(): z.ZodType<Gates> {
  return value('the least accuracy in percent (0 to 100) for each attack, as grid=60,worst-of-10=70', (given) => {
    const entries =
      typeof given === 'string'
        ? given.split(',').map((part) => part.split('='))
        : isRecord(given)
          ? Object.entries(given)
          : [];
    if (entries.length === 0 || entries.some((entry) => entry.length !== 2 || !entry[0])) return undefined;
    const least: [string, Gate][] = [];
    for (const [text, asked] of entries) {
      const name = canonical(String(text));
      const gate = readGate(name, asked);
      if (gate === undefined || gate instanceof Question) return gate;
      least.push([name, gate]);
    }
    return Object.fromEntries(least);
  });
}

function readGate(name: string, given: unknown): Gate | Question | undefined {
  const parsed = parseAttackName(name);
  const read = ATTACKS.find(({ name: kind }) => kind === parsed.kind)?.gate;
  return read === undefined ? percentage(given) : read(given, parsed);
}

function isRecord(given: unknown): given is Record<string, unknown> {
  return typeof given === 'object' && given !== null && !Array.isArray(given);
}
