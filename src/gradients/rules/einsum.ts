import { stringOf } from '../../onnx/attributes.ts';
import { parseEinsum } from '../../onnx/einsum.ts';
import type { EinsumEquation } from '../../onnx/einsum.ts';
import type { Dimension } from '../../onnx/graph.ts';
import { sumTo } from '../broadcast.ts';
import type { NodeView } from '../node-view.ts';
import type { Rule } from '../rule.ts';
import { dimension, joinShape } from '../shapes.ts';
import type { BackwardStep } from '../step.ts';

function equationOf({ node, info }: NodeView): EinsumEquation | undefined {
  return parseEinsum(
    stringOf(node, 'equation', ''),
    node.inputs.map((input) => info(input)?.shape?.length),
  );
}

/**
 * The derivative of an Einsum is one: the gradient takes the place of the operand, the operand's term that of the
 * output. Letters that the operand alone has were summed up, so the gradient is repeated along them; of letters that it
 * has twice the diagonal was taken, so the rest is zero.
 */
export const einsum: Rule = {
  opType: 'Einsum',
  formula: 'dxᵢ = Einsum of g and the other operands, with the term of xᵢ as its output',
  inputs: 'all',
  refuse: (view) =>
    equationOf(view) === undefined || view.node.inputs.some((input) => view.info(input)?.shape === undefined)
      ? 'the rank of an operand is unknown'
      : undefined,
  gradient: (s) => {
    const { terms, output } = equationOf(s) as EinsumEquation;
    return s.each((position, input) => {
      const others = terms.flatMap((term, i) => (i === position ? [] : [{ term, value: s.node.inputs[i] }]));
      const sources = [...others, { term: output, value: s.g }];
      const term = terms[position];
      const letters = [...new Set(term)];
      const found = letters.filter((letter) => sources.some((source) => source.term.includes(letter)));
      const target = found.join('');
      const plain = sources.length === 1 && output === target;
      const equation = `${sources.map((source) => source.term).join()}->${target}`;
      const values = sources.map((source) => source.value);
      const product = plain ? s.g : s.b.op('Einsum', values, { equation });
      return settle(s, product, found, term, input, sizesOf(s, terms));
    });
  },
};

/** Extent of a letter and where to read it; null where operands may differ in it, as one of them may be broadcast. */
interface LetterSize {
  readonly size: Dimension;
  readonly value: string;
  readonly axis: number;
}

function sizesOf(s: BackwardStep, terms: readonly string[]): Map<string, LetterSize> {
  const sizes = new Map<string, LetterSize>();
  terms.forEach((term, i) =>
    [...term].forEach((letter, axis) => {
      const value = s.node.inputs[i];
      const size = s.dims(value)[axis];
      const known = sizes.get(letter);
      if (known === undefined || known.size === 1) sizes.set(letter, { size, value, axis });
      else if (typeof known.size !== 'number' && typeof size === 'number' && size > 1)
        sizes.set(letter, { size, value, axis });
      else if (typeof known.size !== 'number' && size !== 1 && size !== known.size)
        sizes.set(letter, { ...known, size: null });
    }),
  );
  return sizes;
}

/** From a gradient with one axis for each letter of `found` to the operand's shape. */
function settle(
  s: BackwardStep,
  product: string,
  found: readonly string[],
  term: string,
  operand: string,
  sizes: ReadonlyMap<string, LetterSize>,
): string {
  const { b } = s;
  const letters = [...term];
  const first = letters.map((letter, axis) => letters.indexOf(letter) === axis && found.includes(letter));
  const added = first.flatMap((kept, axis) => (kept ? [] : [axis]));
  const extents = letters.map((letter) => sizes.get(letter)!);
  const shape = extents.map((extent) => extent.size);
  if (added.length === 0) return fit(s, product, shape, operand);
  const apart = b.op('Unsqueeze', [product, b.ints(added)]);
  const whole = joinShape(
    s,
    extents.map(({ size, value, axis }) => (typeof size === 'number' ? size : dimension(s, value, axis))),
  );
  const repeated = b.op('Expand', [apart, whole]);
  const masked = letters.reduce((g, letter, axis) => {
    const before = letters.indexOf(letter);
    return before === axis ? g : s.mul(g, diagonal(s, letters.length, before, axis, extents[axis]));
  }, repeated);
  return fit(s, masked, shape, operand);
}

/** Sums over axes along which the operand was broadcast; equal sizes are the rule. */
function fit(s: BackwardStep, g: string, shape: readonly Dimension[], operand: string): string {
  const own = s.dims(operand);
  return own.every((d, i) => d !== null && d === shape[i]) ? g : sumTo(s, g, shape, operand);
}

/** 1 where the positions along two axes are the same, ones elsewhere in the shape. */
function diagonal(
  s: BackwardStep,
  rank: number,
  one: number,
  other: number,
  { value, axis }: { value: string; axis: number },
): string {
  const { b } = s;
  const count = b.op('Squeeze', [dimension(s, value, axis)]);
  const positions = b.op('Range', [b.ints(0), count, b.ints(1)]);
  const along = (at: number): string =>
    b.op('Reshape', [positions, b.ints(Array.from({ length: rank }, (_, i) => (i === at ? -1 : 1)))]);
  return b.op('CastLike', [b.op('Equal', [along(one), along(other)]), s.g]);
}
