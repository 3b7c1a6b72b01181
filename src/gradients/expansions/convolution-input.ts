import type { Dimension } from '../../onnx/graph.ts';
import { dimension, joinShape, padAxes } from '../shapes.ts';
import type { BackwardStep } from '../step.ts';
import { reachingTaps, type Axis } from '../rules/geometry.ts';
import { readConvolution, type ConvolutionGradient } from './convolution.ts';
import type { GradientForm } from './form.ts';
import { phasesOf, type Phase } from './phases.ts';

/*
 * The gradient of a convolution by its input, as an operator: ConvInputGradient of x, weights and g.
 *
 *     dx[n, c, i] = Σ over o, t of g[n, o, j] · w[o, c, t]  with  i = j·stride + t·dilation − before
 *
 * With stride 1 that is a convolution of g with the flipped, transposed weights; with stride s each of the sᵏ residues
 * of the k input axes is one, with its share of the taps, and the results are interleaved: no work is wasted on zeros.
 */

/** Beyond this many phases (a stride of 4 along two axes) they are too small to be worth a convolution each. */
export const MOST_PHASES = 16;

/** How many convolutions of stride 1 the input gradient takes. */
export function phaseCount(axes: readonly Axis[]): number {
  return axes.reduce((count, axis) => count * axis.stride, 1);
}

/** Convolutions of stride 1 that together are an input gradient. */
export interface Phases {
  /** Of the input gradient along the axes. */
  readonly extents: readonly number[];
  readonly strides: readonly number[];
  /** Which tap of the weights is the first that is used, along each axis, and how many are. */
  readonly first: readonly number[];
  readonly kernel: readonly number[];
  /** Positions along each axis that a phase gives. */
  readonly lengths: readonly number[];
  /** Of each phase, in row-major order of the residues, one entry for each axis. */
  readonly each: readonly (readonly Phase[])[];
}

/** @returns undefined where extents are only known at run time, or the phases would be too many */
export function phasesOfGradient({ axes, image, output }: ConvolutionGradient): Phases | undefined {
  const extents = image.slice(2);
  if ([...extents, ...output].some((extent) => extent === undefined)) return undefined;
  const known = extents.map((input, i) => ({ input: input!, output: output[i]! }));
  const reaching = axes.map((axis, i) => reachingTaps(axis, known[i]));
  const reduced = reaching.map(({ axis }) => axis);
  if (phaseCount(reduced) > MOST_PHASES) return undefined;
  const lengths = known.map(({ input }, i) => Math.ceil(input / reduced[i].stride));
  return {
    extents: known.map(({ input }) => input),
    strides: reduced.map(({ stride }) => stride),
    first: reaching.map(({ first }) => first),
    kernel: reduced.map(({ kernel }) => kernel),
    lengths,
    each: product(reduced.map((axis, i) => phasesOf(axis, known[i].output, lengths[i]))),
  };
}

/** Whether no tap of the forward convolution falls on a phase: its gradient is zero. */
export function isEmpty(phase: readonly Phase[]): boolean {
  return phase.some(({ taps }) => taps === 0);
}

/**
 * With standard operators. Constant weights are flipped by ONNX Runtime when it loads the graph, which then packs them
 * like any other convolution's. The input itself is read for its extents alone, where they are unknown.
 */
export const convInputGradient: GradientForm = (s) => {
  const gradient = readConvolution(s.node);
  const { groups, image } = gradient;
  const phases = phasesOfGradient(gradient);
  const channels = image[1]!;
  const [, given] = s.node.inputs;
  if (phases === undefined) return [byTransposedConvolution(s, given, gradient)];
  const { first, kernel, lengths, strides, extents } = phases;
  const whole = gradient.axes.map((axis) => axis.kernel);
  const swapped = swapChannels(s, cutTaps(s, given, whole, kernel, first), {
    groups,
    channels,
    outputs: s.shape(given)?.[0] ?? null,
    kernel,
  });
  const zeros = phases.each.some(isEmpty)
    ? s.b.op('Expand', [s.number(0), joinShape(s, [dimension(s, s.x, 0), channels, ...lengths])])
    : '';
  const parts = phases.each.map((phase) => (isEmpty(phase) ? zeros : phaseGradient(s, swapped, groups, phase)));
  return [interleave(s, parts, strides, channels, lengths, extents)];
};

/** The weights of the taps that are kept. */
function cutTaps(
  s: BackwardStep,
  weights: string,
  from: readonly number[],
  to: readonly number[],
  first: readonly number[],
): string {
  if (from.every((kernel, i) => kernel === to[i])) return weights;
  const [starts, ends] = [s.b.ints(first), s.b.ints(first.map((start, i) => start + to[i]))];
  return s.b.op('Slice', [weights, starts, ends, s.b.ints(to.map((_, i) => i + 2))]);
}

interface Filters {
  readonly groups: number;
  /** Channels of the convolution's input, C, and of its output, O. */
  readonly channels: number;
  readonly outputs: Dimension;
  readonly kernel: readonly number[];
}

/** Weights [O, C/G, …kernel] as [C, O/G, …kernel]. */
function swapChannels(s: BackwardStep, weights: string, { groups, channels, outputs, kernel }: Filters): string {
  const spatial = kernel.map((_, i) => i);
  if (groups === 1) return s.b.op('Transpose', [weights], { perm: [1, 0, ...spatial.map((i) => i + 2)] });
  if (groups === channels && outputs === channels) return weights;
  const split = s.b.op('Reshape', [weights, s.b.ints([groups, -1, channels / groups, ...kernel])]);
  const swapped = s.b.op('Transpose', [split], { perm: [0, 2, 1, ...spatial.map((i) => i + 3)] });
  return s.b.op('Reshape', [swapped, s.b.ints([channels, -1, ...kernel])]);
}

/** The convolution of one phase. */
function phaseGradient(s: BackwardStep, weights: string, groups: number, phases: readonly Phase[]): string {
  const { b } = s;
  const axes = phases.map((_, i) => i + 2);
  const last = phases.map((p) => p.first + (p.taps - 1) * p.every);
  const ends = phases.map((p) => (p.first - 1 < 0 ? -(2 ** 31) : p.first - 1));
  const single = phases.every((p) => p.taps === 1 && p.every === 1 && p.first === 0);
  const taps = single
    ? weights
    : b.op('Slice', [weights, b.ints(last), b.ints(ends), b.ints(axes), b.ints(phases.map((p) => -p.every))]);
  const [before, after] = [phases.map((p) => Math.min(p.before, 0)), phases.map((p) => Math.min(p.after, 0))];
  const source = padAxes(s, s.g, axes.length + 2, axes, before, after);
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
function byTransposedConvolution(s: BackwardStep, given: string, gradient: ConvolutionGradient): string {
  const { b } = s;
  const { groups, image, output } = gradient;
  const extents = gradient.axes.map((_, i) => ({ input: image[i + 2] ?? null, output: output[i] ?? null }));
  const reaching = gradient.axes.map((axis, i) => reachingTaps(axis, extents[i]));
  const axes = reaching.map(({ axis }) => axis);
  const weights = cutTaps(
    s,
    given,
    gradient.axes.map((a) => a.kernel),
    axes.map((a) => a.kernel),
    reaching.map(({ first }) => first),
  );
  const spatial = axes.map((_, i) => i + 2);
  const covered = b.op('ConvTranspose', [s.g, weights], {
    strides: axes.map((a) => a.stride),
    dilations: axes.map((a) => a.dilation),
    kernel_shape: axes.map((a) => a.kernel),
    group: groups,
  });
  const missing = axes.map(({ kernel, stride, dilation, before, after }, i) => {
    const { input, output: covering } = extents[i];
    if (typeof input !== 'number' || typeof covering !== 'number') return stride - 1 + Math.max(0, after);
    return Math.max(0, input + before - (covering - 1) * stride - (kernel - 1) * dilation - 1);
  });
  const ahead = axes.map((a) => Math.max(0, -a.before));
  const longer = padAxes(s, covered, axes.length + 2, spatial, ahead, missing);
  const starts = b.ints(axes.map((a) => Math.max(0, a.before)));
  const ends = b.op('Add', [b.op('Shape', [s.x], { start: 2 }), starts]);
  return b.op('Slice', [longer, starts, ends, b.ints(spatial)]);
}

function product<T>(lists: readonly (readonly T[])[]): T[][] {
  return lists.reduce<T[][]>((rows, list) => rows.flatMap((row) => list.map((entry) => [...row, entry])), [[]]);
}
