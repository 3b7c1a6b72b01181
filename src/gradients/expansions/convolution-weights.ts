import type { GraphBuilder } from '../../onnx/builder.ts';
import type { Node } from '../../onnx/graph.ts';
import type { Axis } from '../rules/geometry.ts';
import { joinShape, padAxes } from '../shapes.ts';
import { readConvolution, type ConvolutionGradient } from './convolution.ts';
import type { GradientForm } from './form.ts';

/*
 * The gradient of a convolution by its weights, as an operator: ConvWeightGradient of weights, x and g.
 *
 *     dw[o, c, t] = Σ over n, j of g[n, o, j] · x[n, c, j·stride + t·dilation − before]
 */

export interface ConvWeightGradient extends ConvolutionGradient {
  readonly x: string;
  readonly g: string;
}

/** A node of that operator, read. */
export function readWeightGradient(node: Node): ConvWeightGradient {
  const [, x, g] = node.inputs;
  return { x, g, ...readConvolution(node) };
}

/**
 * With standard operators: itself a convolution, with g as the filter. The batch takes the place of the channels;
 * stride and dilation change places.
 */
export const convWeightGradient: GradientForm = ({ b, node }) => {
  const gradient = readWeightGradient(node);
  return [isPlain(gradient) ? channelsInRows(b, gradient) : channelsAsBatch(b, gradient)];
};

/** Whether the fast form for images is there for it. */
export function isPlain({ axes, groups, output }: ConvWeightGradient): boolean {
  return (
    axes.length === 2 && groups === 1 && axes.every((a) => a.dilation === 1) && output.every((d) => d !== undefined)
  );
}

/**
 * Rows and columns of zeros around x, so that the windows fill it: [top, left, bottom, right]; negative ones are cut
 * off.
 * @param gradient one that `isPlain`
 */
export function frameOf({ axes, image, output }: ConvWeightGradient): readonly number[] {
  const after = axes.map((a, i) => {
    const extent = image[i + 2];
    return extent === undefined ? a.after : reachOf(a, output[i]!) - a.before - extent;
  });
  return [...axes.map((a) => a.before), ...after];
}

/** Rows or columns of x that the windows go over. */
function reachOf({ kernel, stride }: Axis, output: number): number {
  return (output - 1) * stride + kernel;
}

/**
 * The fast form for images, 1.5 to 2.1 times as fast as one matrix product for each tap: the filter is g as [O, N, Ho,
 * Wo] with dilations [stride, stride·C] over the channels in rows. The output [1, O, kh, kw·C] holds the weights'
 * gradient, channels last.
 */
function channelsInRows(b: GraphBuilder, gradient: ConvWeightGradient): string {
  const { axes, image, output, g } = gradient;
  const rows = inRows(b, gradient);
  const filter = b.op('Transpose', [g], { perm: [1, 0, 2, 3] });
  const sums = b.op('Conv', [rows, filter], {
    dilations: [axes[0].stride, axes[1].stride * image[1]!],
    kernel_shape: output as readonly number[],
  });
  const apart = b.op('Reshape', [sums, b.ints([-1, axes[0].kernel, axes[1].kernel, image[1]!])]);
  return b.op('Transpose', [apart], { perm: [0, 3, 1, 2] });
}

/** The padded input, channels last, as one image [1, N, H, W·C] whose rows hold the channels side by side. */
export function inRows(b: GraphBuilder, gradient: ConvWeightGradient): string {
  const { x, axes, image, output } = gradient;
  const reach = axes.map((a, i) => reachOf(a, output[i]!));
  const last = b.op('Transpose', [x], { perm: [0, 2, 3, 1] });
  const isFramed = axes.some((a, i) => a.before !== 0 || image[i + 2] !== reach[i]);
  const frame = frameOf(gradient);
  const padded = isFramed ? padAxes({ b }, last, 4, [1, 2], frame.slice(0, 2), frame.slice(2)) : last;
  return b.op('Reshape', [padded, b.ints([1, -1, reach[0], reach[1] * image[1]!])]);
}

/**
 * The general form, for any number of axes, dilation and groups: the input as [C/G, G·N, …] with C/G images, g as the
 * filter [O, N, …] in G groups, output [C/G, O, …kernel].
 */
function channelsAsBatch(b: GraphBuilder, { x, g, axes, groups, image }: ConvWeightGradient): string {
  const spatial = axes.map((_, i) => i + 2);
  const swap = { perm: [1, 0, ...spatial] };
  let source = x;
  if (groups === 1) source = b.op('Transpose', [x], swap);
  else {
    const dimension = (i: number): number | string => image[i] ?? b.op('Shape', [x], { start: i, end: i + 1 });
    const sizes = spatial.map(dimension);
    const channels = image[1]! / groups;
    const apart = b.op('Reshape', [x, joinShape({ b }, [dimension(0), groups, channels, ...sizes])]);
    const swapped = b.op('Transpose', [apart], { perm: [2, 1, 0, ...spatial.map((i) => i + 1)] });
    source = b.op('Reshape', [swapped, joinShape({ b }, [channels, -1, ...sizes])]);
  }
  const filter = b.op('Transpose', [g], swap);
  const full = b.op('Conv', [source, filter], {
    dilations: axes.map((a) => a.stride),
    strides: axes.map((a) => a.dilation),
    pads: [...axes.map((a) => a.before), ...axes.map((a) => a.after)],
    group: groups,
  });
  const weights = b.op('Transpose', [full], swap);
  const zeros = spatial.map(() => 0);
  return b.op('Slice', [weights, b.ints(zeros), b.ints(axes.map((a) => a.kernel)), b.ints(spatial)]);
}
