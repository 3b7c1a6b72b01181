import { intOf, intsOf } from '../attributes.ts';
import { MOST_AXES } from '../bounds.ts';
import type { Dimension } from '../graph.ts';
import { add, broadcast, floorDivide, fromFront, missingFactor, multiply, product } from './dimension.ts';
import { unknowns, type Operands, type ShapeRule } from './rule.ts';

/** The length of a one-dimensional input: the rank of the shape that it gives. */
function lengthOf(at: Operands, input: number): number | undefined {
  const length = at.shape(input)?.[0];
  return typeof length === 'number' ? length : undefined;
}

/** Reshape: 0 copies the input's dimension (unless `allowzero`), −1 takes what remains. */
const reshape: ShapeRule = (at) => {
  const target = intsOf(at.node, 'shape') ?? at.partial(1)?.elements;
  const rank = lengthOf(at, 1);
  if (target === undefined) return [at.like(0, rank === undefined ? undefined : unknowns(rank))];
  const x = at.shape(0);
  const copies = intOf(at.node, 'allowzero', 0) === 0;
  const shape = target.map((dim, axis) => (dim === 0 && copies ? (x?.[axis] ?? null) : dim));
  const open = shape.indexOf(-1);
  const rest = shape.filter((_, axis) => axis !== open);
  if (open >= 0) shape[open] = x === undefined ? null : missingFactor(x, rest);
  return [at.like(0, shape)];
};

const flatten: ShapeRule = (at) => {
  const x = at.shape(0);
  const axis = fromFront(intOf(at.node, 'axis', 1), x?.length ?? 0);
  return [at.like(0, x === undefined ? unknowns(2) : [product(x.slice(0, axis)), product(x.slice(axis))])];
};

const squeeze: ShapeRule = (at) => {
  const x = at.shape(0);
  const axes = at.ints('axes', 1);
  if (x === undefined || (axes === undefined && at.has(1))) return [at.like(0, undefined)];
  if (axes === undefined)
    return [at.like(0, x.every((dim) => typeof dim === 'number') ? x.filter((dim) => dim !== 1) : undefined)];
  const gone = axes.map((axis) => fromFront(axis, x.length));
  return [
    at.like(
      0,
      x.filter((_, axis) => !gone.includes(axis)),
    ),
  ];
};

const unsqueeze: ShapeRule = (at) => {
  const x = at.shape(0);
  const axes = at.ints('axes', 1);
  if (x === undefined || axes === undefined) return [at.like(0, undefined)];
  return [at.like(0, unsqueezed(x, axes))];
};

/** A shape with ones put in at these axes of the result. */
export function unsqueezed<T>(shape: readonly T[], axes: readonly number[]): (T | 1)[] {
  const rank = shape.length + axes.length;
  if (rank > MOST_AXES) return new Array<1>(MOST_AXES + 1).fill(1);
  const added = axes.map((axis) => fromFront(axis, rank));
  const rest = [...shape];
  return Array.from({ length: rank }, (_, axis) => (added.includes(axis) ? 1 : rest.shift()!));
}

const transpose: ShapeRule = (at) => {
  const x = at.shape(0);
  const order = intsOf(at.node, 'perm') ?? x?.map((_, axis) => x.length - 1 - axis);
  return [
    at.like(
      0,
      order?.map((axis) => x?.[axis] ?? null),
    ),
  ];
};

const concat: ShapeRule = (at) => {
  const shapes = at.node.inputs.map((_, i) => at.shape(i));
  const first = shapes.find((shape) => shape !== undefined);
  if (first === undefined) return [at.like(0, undefined)];
  const axis = fromFront(intOf(at.node, 'axis', 1), first.length);
  const shape = first.map((_, i) => {
    const dims = shapes.map((other) => other?.[i] ?? null);
    return i === axis
      ? dims.reduce(add)
      : (dims.find((dim) => typeof dim === 'number') ?? dims.find((dim) => dim !== null) ?? null);
  });
  return [at.like(0, shape)];
};

const split: ShapeRule = (at) => {
  const x = at.shape(0);
  const count = at.node.outputs.length;
  if (x === undefined) return Array.from({ length: count }, () => at.like(0, undefined));
  const axis = fromFront(intOf(at.node, 'axis', 0), x.length);
  const sizes = at.ints('split', 1);
  return at.node.outputs.map((_, i) =>
    at.like(
      0,
      x.map((dim, j) => {
        if (j !== axis) return dim;
        if (sizes !== undefined) return sizes[i];
        return at.has(1) ? null : evenPart(dim, count, i);
      }),
    ),
  );
};

/** Split without sizes: all parts equal, the last one smaller where the axis does not divide (opset 18). */
function evenPart(dim: Dimension, count: number, part: number): Dimension {
  if (typeof dim !== 'number') return floorDivide(dim, count);
  const size = Math.ceil(dim / count);
  return Math.max(0, Math.min(size, dim - part * size));
}

/** Bounds at or beyond this mean "to the end" where the size is a symbol. */
const ENDLESS = 2 ** 31 - 1;

const slice: ShapeRule = (at) => {
  const x = at.shape(0);
  if (x === undefined) return [at.like(0, undefined)];
  const starts = at.ints('starts', 1);
  const ends = at.ints('ends', 2);
  const axes = at.ints('axes', 3) ?? (at.has(3) ? undefined : starts?.map((_, i) => i));
  const steps = at.numbers(4) ?? (at.has(4) ? undefined : starts?.map(() => 1));
  if (steps?.includes(0) === true) throw at.refuse('it takes every 0th element: its steps must not be 0.');
  if (axes === undefined) return [at.like(0, unknowns(x.length))];
  const shape = [...x];
  for (const [i, axis] of axes.entries()) {
    const place = fromFront(axis, x.length);
    const bounded = starts !== undefined && ends !== undefined && steps !== undefined;
    shape[place] = bounded ? slicedSize(x[place], starts[i], ends[i], steps[i]) : null;
  }
  return [at.like(0, shape)];
};

function slicedSize(dim: Dimension, start: number, end: number, step: number): Dimension {
  if (typeof dim === 'number') return sliceRange(dim, start, end, step).count;
  if (dim === null) return null;
  if (step < 0) return step === -1 && (start === -1 || start >= ENDLESS) && end <= -ENDLESS ? dim : null;
  if (step > 1) return start === 0 && end >= ENDLESS ? floorDivide(add(dim, step - 1), step) : null;
  // A symbol stands for at least one; that it reaches as far as the bounds go is for the run to show.
  if (end >= ENDLESS) return start >= 0 ? add(dim, -start) : -start;
  if (start >= 0 && end < 0) return add(dim, end - start);
  return (start === 0 && end === 1) || (start < 0 && end < 0) ? end - start : null;
}

/** Numpy's slicing along one axis, bounds clamped into it: the first index taken and how many are. */
export function sliceRange(
  size: number,
  start: number,
  end: number,
  step: number,
): { readonly first: number; readonly count: number } {
  const clamp = (bound: number) => {
    const value = bound < 0 ? bound + size : bound;
    return step > 0 ? Math.min(Math.max(value, 0), size) : Math.min(Math.max(value, -1), size - 1);
  };
  const first = clamp(start);
  return { first, count: Math.max(0, Math.ceil((clamp(end) - first) / step)) };
}

const gather: ShapeRule = (at) => {
  const x = at.shape(0);
  const indices = at.shape(1);
  if (x === undefined || indices === undefined) return [at.like(0, undefined)];
  const axis = fromFront(intOf(at.node, 'axis', 0), x.length);
  return [at.like(0, [...x.slice(0, axis), ...indices, ...x.slice(axis + 1)])];
};

const gatherElements: ShapeRule = (at) => [at.like(0, at.shape(1))];

const gatherND: ShapeRule = (at) => {
  const x = at.shape(0);
  const indices = at.shape(1);
  const depth = indices?.[indices.length - 1];
  if (x === undefined || indices === undefined || typeof depth !== 'number') return [at.like(0, undefined)];
  return [at.like(0, [...indices.slice(0, -1), ...x.slice(intOf(at.node, 'batch_dims', 0) + depth)])];
};

/** Pad: begins then ends, for all axes or for those of the fourth input (opset 18). */
const pad: ShapeRule = (at) => {
  const x = at.shape(0);
  if (x === undefined) return [at.like(0, undefined)];
  const pads = intsOf(at.node, 'pads') ?? at.partial(1)?.elements;
  const axes = at.numbers(3) ?? (at.has(3) ? undefined : x.map((_, axis) => axis));
  if (pads === undefined || axes === undefined) return [at.like(0, unknowns(x.length))];
  const shape = [...x];
  for (const [i, axis] of axes.entries()) {
    const place = fromFront(axis, x.length);
    shape[place] = add(add(x[place], pads[i]), pads[i + axes.length]);
  }
  return [at.like(0, shape)];
};

const expand: ShapeRule = (at) => {
  const rank = lengthOf(at, 1);
  const target = at.partial(1)?.elements ?? (rank === undefined ? undefined : unknowns(rank));
  return [at.like(0, broadcast(at.shape(0), target))];
};

const tile: ShapeRule = (at) => {
  const repeats = at.partial(1)?.elements;
  return [
    at.like(
      0,
      at.shape(0)?.map((dim, axis) => multiply(dim, repeats?.[axis] ?? null)),
    ),
  ];
};

export const LAYOUT_RULES: Readonly<Record<string, ShapeRule>> = {
  Reshape: reshape,
  Flatten: flatten,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Transpose: transpose,
  Concat: concat,
  Split: split,
  Slice: slice,
  Gather: gather,
  GatherElements: gatherElements,
  GatherND: gatherND,
  Pad: pad,
  Expand: expand,
  Tile: tile,
};
