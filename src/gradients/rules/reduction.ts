import type { Rule } from '../rule.ts';
import { expandLike, shapeOf } from '../shapes.ts';
import type { BackwardStep } from '../step.ts';
import { equal } from './masks.ts';

/**
 * A value of the reduced shape, ready to be broadcast against x: a scalar is, others get the reduced axes back as ones.
 */
function restoreAxes(s: BackwardStep, value: string): string {
  const axes = s.node.inputs[1];
  return s.int('keepdims', 1) === 1 || !axes ? value : s.b.op('Unsqueeze', [value, axes]);
}

/** How many elements each output sums up. */
function count(s: BackwardStep): string {
  const [from, to] = [s.shape(s.x), s.shape(s.y)];
  const axes = s.node.inputs[1] ? s.numbers(s.node.inputs[1]) : from?.map((_, i) => i);
  const reduced = from === undefined ? undefined : axes?.map((axis) => from.at(axis));
  if (to !== undefined && reduced?.every((d) => typeof d === 'number'))
    return s.number(reduced.reduce((n, d) => n * d, 1));
  const ratio = s.b.op('Div', [s.b.op('Size', [s.x]), s.b.op('Size', [s.y])]);
  return s.b.op('CastLike', [ratio, s.x]);
}

function reduction(opType: string, formula: string, gradient: (s: BackwardStep, g: string) => string): Rule {
  return {
    opType,
    formula,
    inputs: [0],
    gradient: (s) => [gradient(s, restoreAxes(s, s.g))],
  };
}

/**
 * The product of the other elements is that of all over x, but for zeros: beside one of them it is zero, and for that
 * one it is the product of the rest.
 */
function productGradient(s: BackwardStep, g: string): string {
  const { b } = s;
  const axes = s.node.inputs[1] ? [s.node.inputs[1]] : [];
  const options = { keepdims: 1, noop_with_empty_axes: s.int('noop_with_empty_axes', 0) };
  const zero = equal(s, s.x, s.number(0));
  const others = s.add(s.x, zero);
  const product = b.op('ReduceProd', [others, ...axes], options);
  const zeros = b.op('ReduceSum', [zero, ...axes], options);
  return s.mul(g, s.mul(equal(s, zero, zeros), s.div(product, others)));
}

function extremum(opType: string): Rule {
  return reduction(opType, 'dx = g · [x = y] / number of such x: ties share in equal parts', (s, g) => {
    const attains = equal(s, s.x, restoreAxes(s, s.y));
    const inputs = s.node.inputs[1] ? [attains, s.node.inputs[1]] : [attains];
    const ties = s.b.op('ReduceSum', inputs, { keepdims: 1, noop_with_empty_axes: s.int('noop_with_empty_axes', 0) });
    return s.mul(attains, s.div(g, ties));
  });
}

export const reductions: readonly Rule[] = [
  reduction('ReduceSum', 'dx = g, broadcast', (s, g) => expandLike(s, g, s.x)),
  reduction('ReduceMean', 'dx = g / n, broadcast', (s, g) => s.b.op('Expand', [s.div(g, count(s)), shapeOf(s, s.x)])),
  reduction('ReduceL2', 'dx = g · x / y, zero where y = 0', (s, g) =>
    s.mul(s.x, s.div(g, s.b.op('Max', [restoreAxes(s, s.y), s.number(1e-37)]))),
  ),
  reduction('ReduceSumSquare', 'dx = 2 · g · x', (s, g) => s.mul(s.x, s.scale(g, 2))),
  reduction('ReduceL1', 'dx = g · sign(x)', (s, g) => s.mul(g, s.b.op('Sign', [s.x]))),
  reduction('ReduceLogSum', 'dx = g / exp(y)', (s, g) =>
    expandLike(s, s.mul(g, s.b.op('Exp', [s.neg(restoreAxes(s, s.y))])), s.x),
  ),
  reduction('ReduceLogSumExp', 'dx = g · exp(x − y)', (s, g) =>
    s.mul(g, s.b.op('Exp', [s.sub(s.x, restoreAxes(s, s.y))])),
  ),
  reduction('ReduceProd', 'dx = g · product of the other elements', productGradient),
  extremum('ReduceMax'),
  extremum('ReduceMin'),
];
