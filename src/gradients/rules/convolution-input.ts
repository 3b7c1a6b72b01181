import type { Dimension } from '../../onnx/graph.ts';
import { dimension, joinShape, padAxes } from '../shapes.ts';
import type { BackwardStep } from '../step.ts';
import { reachingTaps } from './geometry.ts';
import type { Axis, Extent } from './geometry.ts';
import { phasesOf } from './phases.ts';
import type { Phase } from './phases.ts';

/** The weights of a convolution, [outputs, channels/groups, …kernel]. */
export interface Filters {
  readonly weights: string;
  readonly groups: number;
  /** Channels of the input, C. */
  readonly channels: number;
  /** Channels of the output, O. */
  readonly outputs: Dimension;
}

/** Beyond this many phases (a stride of 4 along two axes) they are too small to be worth a convolution each. */
export const MOST_PHASES = 16;

/** How many convolutions of stride 1 the input gradient takes. */
export function phaseCount(axes: readonly Axis[]): number {
  return axes.reduce((count, axis) => count * axis.stride, 1);
}

/**
 * Gradient of a convolution by its input: dx[n, c, i] = Σ over o, t of g[n, o, j] · w[o, c, t] with
 * i = j·stride + t·dilation − before.
 *
 * With stride 1 that is a convolution of g with the flipped, transposed weights; with stride s each of the sᵏ residues
 * of the k input axes is one, with its share of the taps, and the results are interleaved: no work is wasted on zeros.
 * Constant weights are flipped by ONNX Runtime when it loads the graph, which then packs them like any other
 * convolution's.
 *
 * @param like the input, read at run time for its extents where they are unknown
 */
export function convolutionInputGradient(
  s: BackwardStep,
  g: string,
  filters: Filters,
  windows: readonly Axis[],
  extents: readonly Extent[],
  like: string,
): string {
  const { groups, channels } = filters;
  const reaching = windows.map((axis, i) => reachingTaps(axis, extents[i]));
  const axes = reaching.map((taps) => taps.axis);
  const weights = cutTaps(
    s,
    filters.weights,
    windows,
    axes,
    reaching.map((taps) => taps.first),
  );
  const isKnown = extents.every((e) => typeof e.input === 'number' && typeof e.output === 'number');
  if (!isKnown || phaseCount(axes) > MOST_PHASES)
    return byTransposedConvolution(s, g, weights, groups, axes, extents, like);
  const known = extents as readonly { input: number; output: number }[];
  const swapped = swapChannels(
    s,
    { ...filters, weights },
    axes.map((a) => a.kernel),
  );
  const lengths = known.map((e, i) => Math.ceil(e.input / axes[i].stride));
  const grids = axes.map((axis, i) => phasesOf(axis, known[i].output, lengths[i]));
  const parts = product(grids).map((phases) => phaseGradient(s, g, swapped, groups, phases, channels, lengths));
  return interleave(
    s,
    parts,
    axes.map((a) => a.stride),
    channels,
    lengths,
    known.map((e) => e.input),
  );
}

/** The weights of the taps that are kept. */
function cutTaps(
  s: BackwardStep,
  weights: string,
  from: readonly Axis[],
  to: readonly Axis[],
  first: readonly number[],
): string {
  if (from.every((axis, i) => axis.kernel === to[i].kernel)) return weights;
  const [starts, ends] = [s.b.ints(first), s.b.ints(first.map((start, i) => start + to[i].kernel))];
  return s.b.op('Slice', [weights, starts, ends, s.b.ints(to.map((_, i) => i + 2))]);
}

/** [O, C/G, …kernel] → [C, O/G, …kernel]. */
function swapChannels(
  s: BackwardStep,
  { weights, groups, channels, outputs }: Filters,
  kernel: readonly number[],
): string {
  const spatial = kernel.map((_, i) => i);
  if (groups === 1) return s.b.op('Transpose', [weights], { perm: [1, 0, ...spatial.map((i) => i + 2)] });
  if (groups === channels && outputs === channels) return weights;
  const split = s.b.op('Reshape', [weights, s.b.ints([groups, -1, channels / groups, ...kernel])]);
  const swapped = s.b.op('Transpose', [split], { perm: [0, 2, 1, ...spatial.map((i) => i + 3)] });
  return s.b.op('Reshape', [swapped, s.b.ints([channels, -1, ...kernel])]);
}

/** The convolution of one phase; zeros where no tap falls on it. */
function phaseGradient(
  s: BackwardStep,
  g: string,
  weights: string,
  groups: number,
  phases: readonly Phase[],
  channels: number,
  lengths: readonly number[],
): string {
  const { b } = s;
  if (phases.some((p) => p.taps === 0)) {
    const shape = joinShape(s, [dimension(s, s.x, 0), channels, ...lengths]);
    return b.op('Expand', [s.number(0), shape]);
  }
  const axes = phases.map((_, i) => i + 2);
  const last = phases.map((p) => p.first + (p.taps - 1) * p.every);
  const ends = phases.map((p) => (p.first - 1 < 0 ? -(2 ** 31) : p.first - 1));
  const single = phases.every((p) => p.taps === 1 && p.every === 1 && p.first === 0);
  const taps = single
    ? weights
    : b.op('Slice', [weights, b.ints(last), b.ints(ends), b.ints(axes), b.ints(phases.map((p) => -p.every))]);
  const [before, after] = [phases.map((p) => Math.min(p.before, 0)), phases.map((p) => Math.min(p.after, 0))];
  const source = padAxes(s, g, axes.length + 2, axes, before, after);
  return b.op('Conv', [source, taps], {
    kernel_shape: phases.map((p) => p.taps),
    pads: [...phases.map((p) => Math.max(p.before, 0)), ...phases.map((p) => Math.max(p.after, 0))],
    dilations: phases.map((p) => p.dilation),
    strides: phases.map(() => 1),
    group: groups,
  });
}

/** Phases [N, C, …q] to [N, C, …q·stride], cut to the input's extents. */
function interleave(
  s: BackwardStep,
  parts: readonly string[],
  strides: readonly number[],
  channels: number,
  lengths: readonly number[],
  extents: readonly number[],
): string {
  const { b } = s;
  if (parts.length === 1) return parts[0];
  const rank = strides.length;
  const joined = b.op('Concat', parts, { axis: 1 });
  const full = lengths.map((q, i) => q * strides[i]);
  let dx: string;
  if (rank === 2 && strides[0] === strides[1]) {
    dx = b.op('DepthToSpace', [joined], { blocksize: strides[0], mode: 'DCR' });
  } else {
    const apart = b.op('Reshape', [joined, b.ints([-1, ...strides, channels, ...lengths])]);
    const perm = [0, rank + 1, ...strides.flatMap((_, i) => [rank + 2 + i, 1 + i])];
    dx = b.op('Reshape', [b.op('Transpose', [apart], { perm }), b.ints([-1, channels, ...full])]);
  }
  const axes = full.map((_, i) => i + 2);
  const surplus = full.map((length, i) => extents[i] - length);
  return padAxes(
    s,
    dx,
    rank + 2,
    axes,
    axes.map(() => 0),
    surplus,
  );
}

/**
 * Extents known only at run time, or large strides: a transposed convolution without padding covers the padded input up
 * to the rows that the stride left over; what is missing there (less than a stride) is zero, and the frame is cut off.
 */
function byTransposedConvolution(
  s: BackwardStep,
  g: string,
  weights: string,
  groups: number,
  axes: readonly Axis[],
  extents: readonly Extent[],
  like: string,
): string {
  const { b } = s;
  const spatial = axes.map((_, i) => i + 2);
  const covered = b.op('ConvTranspose', [g, weights], {
    strides: axes.map((a) => a.stride),
    dilations: axes.map((a) => a.dilation),
    kernel_shape: axes.map((a) => a.kernel),
    group: groups,
  });
  const missing = axes.map(({ kernel, stride, dilation, before, after }, i) => {
    const { input, output } = extents[i];
    if (typeof input !== 'number' || typeof output !== 'number') return stride - 1 + Math.max(0, after);
    return Math.max(0, input + before - (output - 1) * stride - (kernel - 1) * dilation - 1);
  });
  const ahead = axes.map((a) => Math.max(0, -a.before));
  const longer = padAxes(s, covered, axes.length + 2, spatial, ahead, missing);
  const starts = b.ints(axes.map((a) => Math.max(0, a.before)));
  const ends = b.op('Add', [b.op('Shape', [like], { start: 2 }), starts]);
  return b.op('Slice', [longer, starts, ends, b.ints(spatial)]);
}

function product<T>(lists: readonly (readonly T[])[]): T[][] {
  return lists.reduce<T[][]>((rows, list) => rows.flatMap((row) => list.map((entry) => [...row, entry])), [[]]);
}
