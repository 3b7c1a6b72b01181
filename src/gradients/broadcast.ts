import type { Dimension } from '../onnx/graph.ts';
import { reshapeLike } from './shapes.ts';
import type { BackwardStep } from './step.ts';

/**
 * The gradient by an operand that was broadcast: y[i, j] = f(x[j]) for all i, so dx[j] = Σ_i g[i, j].
 * @param from the broadcast shape, or a value that has it; the shape of g
 * @param to the operand
 */
export function sumTo(s: BackwardStep, g: string, from: string | readonly Dimension[], to: string): string {
  const large = typeof from === 'string' ? s.shape(from) : from;
  const small = s.shape(to);
  const plan = large === undefined || small === undefined ? undefined : axesToSum(large, small);
  if (plan === undefined) return sumAtRunTime(s, g, to);
  const { lead, inner } = plan;
  const leading = Array.from({ length: lead }, (_, i) => i);
  if (inner.length === 0) return s.sum(g, leading, false);
  const summed = s.sum(g, [...leading, ...inner], true);
  return lead === 0 ? summed : s.b.op('Squeeze', [summed, s.b.ints(leading)]);
}

/** Axes of the larger shape to sum over; undefined where a symbol leaves it open. */
function axesToSum(
  large: readonly Dimension[],
  small: readonly Dimension[],
): { lead: number; inner: number[] } | undefined {
  const lead = large.length - small.length;
  if (lead < 0) return undefined;
  const inner: number[] = [];
  for (let i = 0; i < small.length; i++) {
    const from = large[lead + i];
    const to = small[i];
    if (to === 1) {
      if (from !== 1) inner.push(lead + i);
    } else if (typeof to !== 'number' && from !== 1 && (to === null || to !== from)) return undefined;
  }
  return { lead, inner };
}

/** The same with shapes read when the graph runs: sums where the right-aligned shapes differ. */
function sumAtRunTime(s: BackwardStep, g: string, to: string): string {
  const { b } = s;
  const target = b.op('Shape', [to]);
  const source = b.op('Shape', [g]);
  const missing = b.op('Sub', [b.op('Shape', [source]), b.op('Shape', [target])]);
  const aligned = b.op('Concat', [b.op('Expand', [b.ints(1), missing]), target], { axis: 0 });
  const differ = b.op('Not', [b.op('Equal', [aligned, source])]);
  const axes = b.op('Reshape', [b.op('NonZero', [differ]), b.ints([-1])]);
  const summed = b.op('ReduceSum', [g, axes], { keepdims: 1, noop_with_empty_axes: 1 });
  return reshapeLike(s, summed, to);
}
