import { misuse } from '../errors/error.ts';
import { didYouMean } from '../errors/nearest.ts';
import { SUBSETS, type Subset } from '../sets/box.ts';

/** Attacks whose names are words of their own; `worst-of-K` stands beside them. */
export const ATTACK_WORDS = [
  'natural', 'random', 'grid', 'first-order', 'pgd-linf', 'pgd-l2', 'combined', 'strongest',
] as const;
export type AttackKind = (typeof ATTACK_WORDS)[number] | 'worst-of';

/** Attacks that have no transformation to restrict. */
const WITHOUT_SUBSET: ReadonlySet<AttackKind> = new Set(['natural', 'pgd-linf', 'pgd-l2']);

export interface AttackName {
  readonly kind: AttackKind;
  /** `worst-of` only: number of draws. */
  readonly k?: number;
  readonly subset: Subset;
}

/**
 * Reads `grid`, `worst-of-10`, `grid:rotation`, `worst-of-10:translation`, …
 * @throws misuse `unknown-attack`
 */
export function parseAttackName(text: string): AttackName {
  const [word = '', form, ...rest] = text.trim().split(':');
  const subset = form ?? 'full';
  const worstOf = /^worst-of-([1-9]\d{0,5})$/.exec(word);
  const kind = worstOf === null ? ATTACK_WORDS.find((known) => known === word) : 'worst-of';
  if (kind === undefined || rest.length > 0) {
    throw unknown(text, `is not an attack; there are ${ATTACK_WORDS.join(', ')} and worst-of-K (as worst-of-10).${didYouMean(word, [...ATTACK_WORDS, 'worst-of-10'])}`);
  }
  if (!isSubset(subset) || form === 'full') {
    throw unknown(text, `has no form "${subset}"; the forms are :rotation and :translation.`);
  }
  if (subset !== 'full' && WITHOUT_SUBSET.has(kind)) {
    throw unknown(text, `has no form "${subset}": it transforms nothing.`);
  }
  return worstOf === null ? { kind, subset } : { kind, k: Number(worstOf[1]), subset };
}

/** The one spelling of an attack's name, under which results are kept. */
export function formatAttackName({ kind, k, subset }: AttackName): string {
  const word = kind === 'worst-of' ? `worst-of-${k}` : kind;
  return subset === 'full' ? word : `${word}:${subset}`;
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
