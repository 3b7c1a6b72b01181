import { intOf } from '../attributes.ts';
import type { Dimension } from '../graph.ts';
import { fromFront } from './dimension.ts';
import { unknowns, type Operands, type ShapeRule } from './rule.ts';

/** A reduced axis becomes 1 or goes away. */
function without(shape: readonly Dimension[], axes: readonly number[], keep: boolean): Dimension[] {
  const gone = axes.map((axis) => fromFront(axis, shape.length));
  return keep
    ? shape.map((dim, axis) => (gone.includes(axis) ? 1 : dim))
    : shape.filter((_, axis) => !gone.includes(axis));
}

/**
 * The axes of a Reduce node: an attribute, since opset 13 or 18 the second input; none given means all (or none at
 * all).
 */
function reducedShape(at: Operands): Dimension[] | undefined {
  const x = at.shape(0);
  if (x === undefined) return undefined;
  const keep = intOf(at.node, 'keepdims', 1) !== 0;
  const axes = at.ints('axes', 1);
  if (axes === undefined && at.has(1)) return keep ? unknowns(x.length) : undefined;
  if (axes === undefined || axes.length === 0) {
    return intOf(at.node, 'noop_with_empty_axes', 0) !== 0
      ? [...x]
      : without(
          x,
          x.map((_, axis) => axis),
          keep,
        );
  }
  return without(x, axes, keep);
}

const reduction: ShapeRule = (at) => [at.like(0, reducedShape(at))];

/** ArgMax, ArgMin. */
const argument: ShapeRule = (at) => {
  const x = at.shape(0);
  return [{ type: 'int64', shape: x && without(x, [intOf(at.node, 'axis', 0)], intOf(at.node, 'keepdims', 1) !== 0) }];
};

/** TopK: k of the axis remain; values and indices. */
const topK: ShapeRule = (at) => {
  const x = at.shape(0);
  const count = intOf(at.node, 'k') ?? at.partial(1)?.elements[0] ?? null;
  const axis = fromFront(intOf(at.node, 'axis', -1), x?.length ?? 0);
  const shape = x?.map((dim, i) => (i === axis ? count : dim));
  return [at.like(0, shape), { type: 'int64', shape }];
};

const REDUCTIONS = ['L1', 'L2', 'LogSum', 'LogSumExp', 'Max', 'Mean', 'Min', 'Prod', 'Sum', 'SumSquare'];

export const REDUCTION_RULES: Readonly<Record<string, ShapeRule>> = {
  ...Object.fromEntries(REDUCTIONS.map((name) => [`Reduce${name}`, reduction])),
  ArgMax: argument,
  ArgMin: argument,
  TopK: topK,
};
