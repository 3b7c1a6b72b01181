import { misuse } from '../errors/error.ts';
import { didYouMean } from '../errors/nearest.ts';
import { SUBSETS, type Subset } from '../sets/box.ts';
import type { AttackDefinition, AttackName } from './definition.ts';
import { epsilonValue } from './epsilon.ts';
import { ATTACKS } from './registry.ts';

/**
 * Reads `grid`, `worst-of-10`, `grid:rotation`, `worst-of-10:translation`, `pgd-linf@4/255`, …
 * @throws misuse `unknown-attack`
 */
export function parseAttackName(text: string): AttackName {
  const [beforeRadius, epsilon, ...radii] = text.trim().split('@');
  const [word = '', form, ...rest] = beforeRadius.split(':');
  const subset = form ?? 'full';
  const definition = ATTACKS.find(({ name }) => patternOf(name).test(word));
  if (definition === undefined || rest.length > 0 || radii.length > 0) throw unknownName(text, word);
  if (!isSubset(subset) || form === 'full') {
    throw unknown(text, `has no form "${subset}"; the forms are :rotation and :translation.`);
  }
  if (subset !== 'full' && !definition.hasForms) {
    throw unknown(text, `has no form "${subset}": it transforms nothing.`);
  }
  if (epsilon !== undefined && !(definition.takesRadius && epsilonValue(epsilon) >= 0)) {
    const pixelAttacks = ATTACKS.filter(({ takesRadius }) => takesRadius).map(({ name }) => name);
    throw unknown(
      text,
      `has "@${epsilon}"; behind @ stands the radius of a pixel attack (${pixelAttacks.join(', ')}), ` +
        'as in pgd-linf@4/255.',
    );
  }
  const number = patternOf(definition.name).exec(word)?.[1];
  return {
    kind: definition.name,
    subset,
    ...(number === undefined ? {} : { k: Number(number) }),
    ...(epsilon === undefined ? {} : { epsilon }),
  };
}

/** The one spelling of an attack's name, under which results are kept. */
export function formatAttackName({ kind, k, subset, epsilon }: AttackName): string {
  const word = k === undefined ? kind : kind.replace('K', String(k));
  return `${word}${subset === 'full' ? '' : `:${subset}`}${epsilon === undefined ? '' : `@${epsilon}`}`;
}

/** The names of all attacks, each with an example where it holds a number: `worst-of-K (as worst-of-10)`. */
function attackNames(): string[] {
  return ATTACKS.map(({ name, example }) => (example === undefined ? name : `${name} (as ${example})`));
}

/** Words that the name of a definition stands for: itself, or with a whole number up to 999,999 for its K. */
function patternOf(name: string): RegExp {
  return new RegExp(`^${name.replace('K', '([1-9]\\d{0,5})')}$`);
}

function isSubset(text: string): text is Subset {
  return SUBSETS.some((known) => known === text);
}

function unknownName(text: string, word: string): Error {
  const numbered = ({ name }: AttackDefinition): boolean =>
    name.includes('K') && new RegExp(`^${name.replace('K', '[\\d.e+-]+')}$`, 'i').test(word);
  if (ATTACKS.some(numbered))
    return unknown(text, 'asks for a number of draws that is not a whole one from 1 to 999,999.');
  const near = didYouMean(
    word,
    ATTACKS.map(({ name, example }) => example ?? name),
  );
  return unknown(text, `is not an attack; there are ${attackNames().join(', ')}.${near}`);
}

function unknown(text: string, problem: string): Error {
  return misuse({
    code: 'unknown-attack',
    subject: `attack "${text}"`,
    problem,
    advice: 'Examples: natural, random, worst-of-10, grid, grid:rotation, worst-of-10:translation.',
  });
}
