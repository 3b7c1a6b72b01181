import { misuse } from '../errors/error.ts';
import { didYouMean } from '../errors/nearest.ts';
import { SUBSETS, type Subset } from '../sets/box.ts';

/** Attacks whose names are words of their own; `worst-of-K` stands beside them. */
const ATTACK_WORDS = [
  'natural',
  'random',
  'grid',
  'first-order',
  'pgd-linf',
  'pgd-l2',
  'combined',
  'strongest',
] as const;
type AttackKind = (typeof ATTACK_WORDS)[number] | 'worst-of';

/** Attacks that have no transformation to restrict. */
const WITHOUT_SUBSET: ReadonlySet<AttackKind> = new Set(['natural', 'pgd-linf', 'pgd-l2']);

export interface AttackName {
  readonly kind: AttackKind;
  /** `worst-of` only: number of draws. */
  readonly k?: number;
  readonly subset: Subset;
  /** Pixel attacks: radius in raw pixels as the name spells it, where it gives one: `4/255` in `pgd-linf@4/255`. */
  readonly epsilon?: string;
}

const PIXEL_ATTACKS: ReadonlySet<AttackKind> = new Set(['pgd-linf', 'pgd-l2', 'combined']);

/**
 * Reads `grid`, `worst-of-10`, `grid:rotation`, `worst-of-10:translation`, `pgd-linf@4/255`, …
 * @throws misuse `unknown-attack`
 */
export function parseAttackName(text: string): AttackName {
  const [beforeRadius, epsilon, ...radii] = text.trim().split('@');
  const [word = '', form, ...rest] = beforeRadius.split(':');
  const subset = form ?? 'full';
  const worstOf = /^worst-of-([1-9]\d{0,5})$/.exec(word);
  const kind = worstOf === null ? ATTACK_WORDS.find((known) => known === word) : 'worst-of';
  if (kind === undefined && /^worst-of-[\d.e+-]+$/i.test(word)) {
    throw unknown(text, 'asks for a number of draws that is not a whole one from 1 to 999,999.');
  }
  if (kind === undefined || rest.length > 0 || radii.length > 0) {
    throw unknown(
      text,
      `is not an attack; there are ${ATTACK_WORDS.join(', ')} and worst-of-K (as ` +
        `worst-of-10).${didYouMean(word, [...ATTACK_WORDS, 'worst-of-10'])}`,
    );
  }
  if (!isSubset(subset) || form === 'full') {
    throw unknown(text, `has no form "${subset}"; the forms are :rotation and :translation.`);
  }
  if (subset !== 'full' && WITHOUT_SUBSET.has(kind)) {
    throw unknown(text, `has no form "${subset}": it transforms nothing.`);
  }
  if (epsilon !== undefined && !(PIXEL_ATTACKS.has(kind) && epsilonValue(epsilon) >= 0)) {
    throw unknown(
      text,
      `has "@${epsilon}"; behind @ stands the radius of a pixel attack (${[...PIXEL_ATTACKS].join(', ')}), ` +
        'as in pgd-linf@4/255.',
    );
  }
  return {
    kind,
    subset,
    ...(worstOf === null ? {} : { k: Number(worstOf[1]) }),
    ...(epsilon === undefined ? {} : { epsilon }),
  };
}

/** The number that a radius spells: `4/255` or `0.0157`; NaN if it is neither. */
export function epsilonValue(text: string): number {
  const match = /^(\d*\.?\d+)(?:\/(\d+))?$/.exec(text);
  return match === null ? NaN : Number(match[1]) / Number(match[2] ?? 1);
}

/** The one spelling of an attack's name, under which results are kept. */
export function formatAttackName({ kind, k, subset, epsilon }: AttackName): string {
  const word = kind === 'worst-of' ? `worst-of-${k}` : kind;
  return `${word}${subset === 'full' ? '' : `:${subset}`}${epsilon === undefined ? '' : `@${epsilon}`}`;
}

function isSubset(text: string): text is Subset {
  return SUBSETS.some((known) => known === text);
}

function unknown(text: string, problem: string): Error {
  return misuse({
    code: 'unknown-attack',
    subject: `attack "${text}"`,
    problem,
    advice: 'Examples: natural, random, worst-of-10, grid, grid:rotation, worst-of-10:translation.',
  });
}
