/** An equation of Einsum with a letter for every axis, those under an ellipsis too. */
export interface EinsumEquation {
  readonly terms: readonly string[];
  readonly output: string;
}

const LETTERS = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'];

/**
 * Takes an equation such as `bhqd,bhkd->bhqk` or `...ij,...jk` apart. Without an arrow the output holds the ellipsis
 * and then the letters that occur once, in the order of the alphabet. Axes under ellipses are aligned from the right
 * and get letters of their own.
 * @param ranks of the operands; needed where there is an ellipsis
 * @returns undefined where ranks are missing or do not fit
 */
export function parseEinsum(equation: string, ranks: readonly (number | undefined)[]): EinsumEquation | undefined {
  const [left, right] = equation.replaceAll(' ', '').split('->');
  const terms = left.split(',');
  if (terms.length !== ranks.length) return undefined;
  const covered = terms.map((term, i) => (term.includes('...') ? (ranks[i] ?? NaN) - (term.length - 3) : 0));
  if (!covered.every((count) => count >= 0)) return undefined;
  const free = LETTERS.filter((letter) => !equation.includes(letter));
  const ellipsis = free
    .slice(
      0,
      covered.reduce((most, count) => Math.max(most, count), 0),
    )
    .join('');
  const written = terms.map((term, i) => term.replace('...', ellipsis.slice(ellipsis.length - covered[i])));
  if (written.some((term, i) => ranks[i] !== undefined && term.length !== ranks[i])) return undefined;
  const output = right?.replace('...', ellipsis) ?? ellipsis + lettersThatOccurOnce(terms);
  return { terms: written, output };
}

function lettersThatOccurOnce(terms: readonly string[]): string {
  const all = terms.join('').replaceAll('.', '');
  return [...all]
    .filter((letter) => all.split(letter).length === 2)
    .sort()
    .join('');
}
