import { intOf, intsOf, stringOf } from '../attributes.ts';
import type { Dimension, Node } from '../graph.ts';
import { add, floorDivide, multiply } from './dimension.ts';

/** How a kernel slides along one spatial axis. */
export interface Window {
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  /** Zeros (for pooling: nothing) before and after the axis. Null: depends on a size that is unknown. */
  readonly pads: readonly [number, number] | null;
  /** Output size. */
  readonly output: Dimension;
}

/**
 * The windows of a Conv, a pooling or a MaxPool node along the spatial axes, with `auto_pad` resolved.
 *
 *     output = floor((input + padBegin + padEnd − dilation·(kernel − 1) − 1) / stride) + 1
 *
 * @param spatial sizes of the spatial axes of the input
 * @param kernel taken where the node has no `kernel_shape`: the spatial sizes of its weights
 * @returns undefined where the kernel is unknown
 */
export function windowsOf(
  node: Node,
  spatial: readonly Dimension[],
  kernel?: readonly Dimension[],
): Window[] | undefined {
  const sizes = intsOf(node, 'kernel_shape') ?? kernel;
  if (sizes === undefined || sizes.length !== spatial.length || !sizes.every((size) => typeof size === 'number'))
    return undefined;
  const strides = intsOf(node, 'strides');
  const dilations = intsOf(node, 'dilations');
  const pads = intsOf(node, 'pads');
  const autoPad = stringOf(node, 'auto_pad', 'NOTSET');
  const ceil = intOf(node, 'ceil_mode', 0) !== 0;
  return spatial.map((input, axis) => {
    const stride = strides?.[axis] ?? 1;
    const dilation = dilations?.[axis] ?? 1;
    const reach = dilation * (sizes[axis] - 1) + 1;
    const head = { kernel: sizes[axis], stride, dilation };
    if (autoPad.startsWith('SAME')) {
      const output = floorDivide(add(input, stride - 1), stride);
      return { ...head, pads: samePads(input, output, stride, reach, autoPad === 'SAME_UPPER'), output };
    }
    const both: [number, number] =
      autoPad === 'VALID' ? [0, 0] : [pads?.[axis] ?? 0, pads?.[axis + spatial.length] ?? 0];
    return { ...head, pads: both, output: slidingOutput(input, both, reach, stride, ceil) };
  });
}

function slidingOutput(
  input: Dimension,
  pads: readonly [number, number],
  reach: number,
  stride: number,
  ceil: boolean,
): Dimension {
  const room = add(input, pads[0] + pads[1] - reach + (ceil ? stride - 1 : 0));
  const output = add(floorDivide(room, stride), 1);
  // A last window that would start beyond the input and its left padding is left out.
  if (ceil && typeof output === 'number' && typeof input === 'number' && (output - 1) * stride >= input + pads[0])
    return output - 1;
  return output;
}

/** SAME padding: the output is ⌈input / stride⌉; an odd zero goes to the end (upper) or the beginning (lower). */
function samePads(
  input: Dimension,
  output: Dimension,
  stride: number,
  reach: number,
  upper: boolean,
): [number, number] | null {
  if (stride === 1) return splitPads(reach - 1, upper);
  if (typeof input !== 'number' || typeof output !== 'number') return null;
  return splitPads(Math.max(0, (output - 1) * stride + reach - input), upper);
}

function splitPads(total: number, upper: boolean): [number, number] {
  const small = Math.floor(total / 2);
  return upper ? [small, total - small] : [total - small, small];
}

/**
 * Output sizes of ConvTranspose: stride·(input − 1) + output_padding + dilation·(kernel − 1) + 1 − padBegin − padEnd,
 * or what `output_shape` says, or stride·input with SAME padding.
 */
export function transposedOutput(
  node: Node,
  spatial: readonly Dimension[],
  kernel?: readonly Dimension[],
): Dimension[] | undefined {
  const given = intsOf(node, 'output_shape');
  if (given !== undefined) return given.slice(-spatial.length);
  const sizes = intsOf(node, 'kernel_shape') ?? kernel;
  if (sizes === undefined || sizes.length !== spatial.length) return undefined;
  const strides = intsOf(node, 'strides');
  const dilations = intsOf(node, 'dilations');
  const pads = intsOf(node, 'pads');
  const outputPadding = intsOf(node, 'output_padding');
  const autoPad = stringOf(node, 'auto_pad', 'NOTSET');
  return spatial.map((input, axis) => {
    const stride = strides?.[axis] ?? 1;
    const size = sizes[axis];
    if (autoPad.startsWith('SAME')) return multiply(input, stride);
    if (typeof size !== 'number') return null;
    const padding = autoPad === 'VALID' ? 0 : (pads?.[axis] ?? 0) + (pads?.[axis + spatial.length] ?? 0);
    const reach = (dilations?.[axis] ?? 1) * (size - 1) + 1;
    return add(multiply(add(input, -1), stride), (outputPadding?.[axis] ?? 0) + reach - padding);
  });
}
