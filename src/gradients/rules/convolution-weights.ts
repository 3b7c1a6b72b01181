import type { Dimension } from '../../onnx/graph.ts';
import { dimension, joinShape, padAxes } from '../shapes.ts';
import type { BackwardStep } from '../step.ts';
import type { Axis } from './geometry.ts';

/**
 * Gradient of a convolution by its weights: dw[o, c, t] = Σ over n, j of g[n, o, j] · x[n, c, j·stride + t·dilation −
 * before]. That is itself a convolution, with g as the filter: the batch takes the place of the channels, stride and
 * dilation change places.
 * @param channels of the input, C
 * @param image dimensions of x
 * @param output spatial dimensions of g
 */
export function convolutionWeightGradient(
  s: BackwardStep,
  x: string,
  g: string,
  groups: number,
  channels: number,
  axes: readonly Axis[],
  image: readonly Dimension[],
  output: readonly Dimension[],
): string {
  const plain =
    axes.length === 2 &&
    groups === 1 &&
    axes.every((a) => a.dilation === 1) &&
    output.every((d) => typeof d === 'number');
  return plain
    ? channelsInRows(s, x, g, channels, axes, image.slice(2), output as readonly number[])
    : channelsAsBatch(s, x, g, groups, channels, axes, image);
}

/**
 * The fast form for images, 1.5 to 2.1 times as fast as one matrix product for each tap: the padded input, channels
 * last, is read as one image [1, N, H, W·C] whose rows hold the channels side by side; the filter is g as [O, N, Ho,
 * Wo] with dilations [stride, stride·C]. Its output [1, O, kh, kw·C] holds the weights' gradient, channels last.
 */
function channelsInRows(
  s: BackwardStep,
  x: string,
  g: string,
  channels: number,
  axes: readonly Axis[],
  extents: readonly Dimension[],
  output: readonly number[],
): string {
  const { b } = s;
  const reach = axes.map((a, i) => (output[i] - 1) * a.stride + a.kernel);
  const last = b.op('Transpose', [x], { perm: [0, 2, 3, 1] });
  const framed = axes.some((a, i) => a.before !== 0 || extents[i] !== reach[i]);
  const after = axes.map((a, i) => (typeof extents[i] === 'number' ? reach[i] - a.before - extents[i] : a.after));
  const before = axes.map((a) => a.before);
  const padded = framed ? padAxes(s, last, 4, [1, 2], before, after) : last;
  const image = b.op('Reshape', [padded, b.ints([1, -1, reach[0], reach[1] * channels])]);
  const filter = b.op('Transpose', [g], { perm: [1, 0, 2, 3] });
  const rows = b.op('Conv', [image, filter], {
    dilations: [axes[0].stride, axes[1].stride * channels],
    kernel_shape: output,
  });
  const apart = b.op('Reshape', [rows, b.ints([-1, axes[0].kernel, axes[1].kernel, channels])]);
  return b.op('Transpose', [apart], { perm: [0, 3, 1, 2] });
}

/**
 * The general form, for any number of axes, dilation and groups: the input as [C/G, G·N, …] with C/G images, g as the
 * filter [O, N, …] in G groups, output [C/G, O, …kernel].
 */
function channelsAsBatch(
  s: BackwardStep,
  x: string,
  g: string,
  groups: number,
  channels: number,
  axes: readonly Axis[],
  image: readonly Dimension[],
): string {
  const { b } = s;
  const spatial = axes.map((_, i) => i + 2);
  const swap = { perm: [1, 0, ...spatial] };
  let source = x;
  if (groups === 1) source = b.op('Transpose', [x], swap);
  else {
    const sizes = spatial.map((i) => {
      const d = image[i];
      return typeof d === 'number' ? d : dimension(s, x, i);
    });
    const apart = b.op('Reshape', [x, joinShape(s, [dimension(s, x, 0), groups, channels / groups, ...sizes])]);
    const swapped = b.op('Transpose', [apart], { perm: [2, 1, 0, ...spatial.map((i) => i + 1)] });
    source = b.op('Reshape', [swapped, joinShape(s, [channels / groups, -1, ...sizes])]);
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
