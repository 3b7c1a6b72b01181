import type { Dimension } from '../../onnx/graph.ts';
import type { NodeView } from '../node-view.ts';
import type { Rule } from '../rule.ts';
import { dimension, padAxes, reshapeTo } from '../shapes.ts';
import type { BackwardStep } from '../step.ts';
import { scatterAlong } from './scatter.ts';

/** Which elements a slice keeps along one axis: first + stride · i for 0 ≤ i < n, read backwards if `reversed`. */
interface Kept {
  readonly axis: number;
  readonly extent: number;
  readonly first: number;
  readonly stride: number;
  readonly n: number;
  readonly reversed: boolean;
}

function axesOf(view: NodeView): readonly number[] | undefined {
  const [x, starts, , axes] = view.node.inputs;
  const rank = view.info(x)?.shape?.length as number;
  if (axes) return view.numbers(axes)?.map((axis) => (axis < 0 ? axis + rank : axis));
  const count = view.numbers(starts)?.length ?? view.info(starts)?.shape?.[0];
  return typeof count === 'number' ? Array.from({ length: count }, (_, i) => i) : undefined;
}

/** The plan of a slice whose bounds and extents are known when the graph is built. */
function plan(s: BackwardStep): Kept[] | undefined {
  const [x, starts, ends, , steps] = s.node.inputs;
  const [from, to, by] = [s.numbers(starts), s.numbers(ends), steps ? s.numbers(steps) : []];
  const axes = axesOf(s) as readonly number[];
  if (from === undefined || to === undefined || by === undefined) return undefined;
  const kept: Kept[] = [];
  for (const [i, axis] of axes.entries()) {
    const extent = s.dims(x)[axis];
    if (typeof extent !== 'number') return undefined;
    const step = by[i] ?? 1;
    const place = (position: number, low: number, high: number): number =>
      Math.min(Math.max(position < 0 ? position + extent : position, low), high);
    const start = step > 0 ? place(from[i], 0, extent) : place(from[i], 0, extent - 1);
    const end = step > 0 ? place(to[i], 0, extent) : place(to[i], -1, extent - 1);
    const n = Math.max(0, Math.ceil((end - start) / step));
    if (n === 0) return undefined;
    kept.push({
      axis,
      extent,
      n,
      stride: Math.abs(step),
      first: step > 0 ? start : start + (n - 1) * step,
      reversed: step < 0,
    });
  }
  return kept;
}

/** Zeros between the kept elements (stride), then zeros around them: reshapes and pads alone. */
function spread(s: BackwardStep, kept: readonly Kept[]): string {
  const { b } = s;
  let g = s.g;
  const reversed = kept.filter((k) => k.reversed).map((k) => k.axis);
  if (reversed.length > 0) {
    const list = (value: number): string => b.ints(reversed.map(() => value));
    g = b.op('Slice', [g, list(-1), list(-(2 ** 31)), b.ints(reversed), list(-1)]);
  }
  const dims: Dimension[] = [...s.dims(s.y)];
  for (const k of kept) dims[k.axis] = k.n;
  const strided = kept.filter((k) => k.stride > 1).sort((a, c) => a.axis - c.axis);
  if (strided.length > 0) {
    const inserted = strided.map((k, i) => k.axis + 1 + i);
    g = b.op('Unsqueeze', [g, b.ints(inserted)]);
    g = padAxes(
      s,
      g,
      dims.length + inserted.length,
      inserted,
      inserted.map(() => 0),
      strided.map((k) => k.stride - 1),
    );
    for (const k of strided) dims[k.axis] = k.n * k.stride;
    g = reshapeTo(s, g, dims);
  }
  return padAxes(
    s,
    g,
    dims.length,
    kept.map((k) => k.axis),
    kept.map((k) => k.first),
    kept.map((k) => k.extent - k.first - k.n * k.stride),
  );
}

/**
 * Bounds or extents known only at run time: the slice of the positions 0, 1, 2, … says where each element came from.
 */
function scatter(s: BackwardStep): string {
  const { b } = s;
  const [x, starts, ends, , steps] = s.node.inputs;
  const axes = axesOf(s) as readonly number[];
  return axes.reduce((g, axis, i) => {
    const extent = dimension(s, x, axis);
    const entry = (vector: string): string => b.op('Slice', [vector, b.ints([i]), b.ints([i + 1])]);
    const positions = b.op('Range', [b.ints(0), b.op('Squeeze', [extent]), b.ints(1)]);
    const bounds = [entry(starts), entry(ends), b.ints([0]), ...(steps ? [entry(steps)] : [])];
    return scatterAlong(s, g, s.rank(x), axis, b.op('Slice', [positions, ...bounds]), extent);
  }, s.g);
}

export const slice: Rule = {
  opType: 'Slice',
  formula: 'dx = g at the places it was read from, zero elsewhere',
  inputs: [0],
  ranked: true,
  limits: 'axes must be constant',
  refuse: (view) => (axesOf(view) === undefined ? 'its axes are computed at run time' : undefined),
  gradient: (s) => {
    const kept = plan(s);
    const unknown = s.dims(s.x).filter((d) => typeof d !== 'number').length;
    return [kept === undefined || unknown > 1 ? scatter(s) : spread(s, kept)];
  },
};
