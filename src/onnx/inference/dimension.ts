import { LONGEST_FORMULA } from '../bounds.ts';
import type { Dimension } from '../graph.ts';

/*
 * Arithmetic on dimensions. Where a symbol takes part, the result is a formula written as a string, such that equal
 * strings stand for equal numbers: `floor((H-1)/2)+1` from a 3×3 convolution with padding and stride 2 is the same
 * as from a 1×1 convolution with stride 2, so their outputs can be seen to fit. Null: unknown, as a formula becomes
 * that grows without bound.
 */

function bounded(formula: string): string | null {
  return formula.length > LONGEST_FORMULA ? null : formula;
}

/** a + b. A trailing whole number of a formula is summed up: `H-2` + 2 is `H`. */
export function add(a: Dimension, b: Dimension): Dimension {
  if (a === null || b === null) return null;
  if (typeof a === 'number') return typeof b === 'number' ? a + b : add(b, a);
  if (typeof b === 'string') return bounded([a, b].sort().join('+'));
  const [, base, offset] = /^(.+?)([+-]\d+)?$/s.exec(a)!;
  const sum = Number(offset ?? 0) + b;
  return sum === 0 ? base : bounded(`${base}${sum > 0 ? '+' : ''}${sum}`);
}

/** a − b. */
export function subtract(a: Dimension, b: Dimension): Dimension {
  if (typeof b === 'number') return add(a, -b);
  if (a === null || b === null) return null;
  return a === b ? 0 : bounded(`${a}-${bracketed(b)}`);
}

/** a · b. */
export function multiply(a: Dimension, b: Dimension): Dimension {
  if (a === 0 || b === 0) return 0;
  if (a === null || b === null) return null;
  if (typeof a === 'number' && typeof b === 'number') return a * b;
  if (a === 1) return b;
  if (b === 1) return a;
  const { number, symbols } = factorsOfAll([a, b])!;
  return bounded((number === 1 ? symbols.sort() : [number, ...symbols.sort()]).join('*'));
}

/** ⌊a / b⌋ for positive b. */
export function floorDivide(a: Dimension, b: Dimension): Dimension {
  if (a === null || b === null || b === 0) return null;
  if (b === 1) return a;
  if (typeof a === 'number' && typeof b === 'number') return Math.floor(a / b);
  return a === b ? 1 : bounded(`floor(${bracketed(a)}/${bracketed(b)})`);
}

/** The product of dimensions. */
export function product(dimensions: readonly Dimension[]): Dimension {
  return dimensions.reduce(multiply, 1);
}

/**
 * The one dimension that makes `whole` and `part` hold equally many elements, found by cancelling equal factors.
 * Null where that is no number and no single symbol.
 */
export function missingFactor(whole: readonly Dimension[], part: readonly Dimension[]): Dimension {
  const [all, some] = [factorsOfAll(whole), factorsOfAll(part)];
  if (all === undefined || some === undefined || all.number === 0) return null;
  const symbols = [...all.symbols];
  for (const symbol of some.symbols) {
    const at = symbols.indexOf(symbol);
    if (at < 0) return null;
    symbols.splice(at, 1);
  }
  const factor = all.number / some.number;
  return Number.isInteger(factor) ? multiply(factor, product(symbols)) : null;
}

/** A product taken apart into one number and symbols; undefined where a dimension is unknown. */
function factorsOfAll(dimensions: readonly Dimension[]): { number: number; symbols: string[] } | undefined {
  if (dimensions.includes(null)) return undefined;
  const factors = dimensions.flatMap((dim) => factorsOf(bracketed(dim!)));
  return {
    number: factors.reduce((all, factor) => (/^\d+$/.test(factor) ? all * Number(factor) : all), 1),
    symbols: factors.filter((factor) => !/^\d+$/.test(factor)),
  };
}

function bracketed(dimension: number | string): string {
  const text = String(dimension);
  return /[-+/]/.test(outermost(text)) ? `(${text})` : text;
}

/** Splits at the multiplication signs that stand outside all brackets. */
function factorsOf(formula: string): string[] {
  const outer = outermost(formula);
  const ends = [...outer].flatMap((letter, at) => (letter === '*' ? [at] : []));
  return [...ends, formula.length].map((end, i) => formula.slice(i === 0 ? 0 : ends[i - 1] + 1, end));
}

/** A formula with what stands inside brackets blanked out. */
function outermost(formula: string): string {
  let depth = 0;
  return [...formula]
    .map((letter) => {
      if (letter === ')') depth--;
      const shown = depth === 0 ? letter : ' ';
      if (letter === '(') depth++;
      return shown;
    })
    .join('');
}

/** Numpy's broadcasting of two dimensions. A symbol against a number above 1 must be 1 or that number. */
function broadcastPair(a: Dimension, b: Dimension): Dimension {
  if (a === b) return a;
  if (a === 1) return b;
  if (b === 1) return a;
  if (typeof a === 'number') return a;
  if (typeof b === 'number') return b;
  return null;
}

/** Numpy's broadcasting of shapes; undefined where a rank is unknown. */
export function broadcast(...shapes: readonly (readonly Dimension[] | undefined)[]): Dimension[] | undefined {
  if (shapes.some((shape) => shape === undefined)) return undefined;
  const known = shapes as readonly (readonly Dimension[])[];
  const rank = known.reduce((most, shape) => Math.max(most, shape.length), -Infinity);
  return Array.from({ length: rank }, (_, i) =>
    known.map((shape) => (i < rank - shape.length ? 1 : shape[i - rank + shape.length])).reduce(broadcastPair),
  );
}

/** An axis counted from the front: −1 is the last one. */
export function fromFront(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}
