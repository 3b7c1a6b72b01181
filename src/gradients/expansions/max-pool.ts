import { intOf, intsOf, stringOf } from '../../onnx/attributes.ts';
import type { Node } from '../../onnx/graph.ts';
import { reshapeLike } from '../shapes.ts';
import type { GradientForm } from './form.ts';

/**
 * The gradient of a maximum over windows by its input: MaxPoolGradient of x, y and g, with the MaxPool's attributes.
 * dx[i] = Σ g[j] over the windows j whose first maximum is i.
 *
 * With standard operators: each output has one winner, the first of equals in row-major order, as in PyTorch; comparing
 * x with the upsampled maximum would count ties twice, which on images with a constant background spoils nearly the
 * whole gradient.
 */
export const maxPoolGradient: GradientForm = (s) => {
  const { b, node, x, g } = s;
  const [, winners] = b.ops('MaxPool', [x], 2, Object.fromEntries(node.attributes));
  const flat = (value: string): string => b.op('Reshape', [value, b.ints([-1])]);
  const size = b.op('Reshape', [b.op('Size', [x]), b.ints([1])]);
  const sums = b.op('ScatterElements', [b.op('Expand', [s.number(0), size]), flat(winners), flat(g)], {
    axis: 0,
    reduction: 'add',
  });
  return [reshapeLike(s, sums, x)];
};

/** Whether the windows are of 2×2, side by side: targets have faster forms for these. */
export function isTwoByTwo(node: Node): boolean {
  return hasWindows(node, '2,2', '2,2') && (intsOf(node, 'pads') ?? []).every((pad) => pad === 0);
}

/** Whether the windows have this kernel and these strides, as lists, padding that is written out and no other turn. */
export function hasWindows(node: Node, kernel: string, strides: string): boolean {
  return (
    intsOf(node, 'kernel_shape')?.join() === kernel &&
    intsOf(node, 'strides')?.join() === strides &&
    (intsOf(node, 'dilations') ?? []).every((dilation) => dilation === 1) &&
    intOf(node, 'ceil_mode', 0) === 0 &&
    hasWrittenPads(node)
  );
}

/** Whether `pads` say all of the padding, not a rule by the image's size. */
export function hasWrittenPads(node: Node): boolean {
  return ['NOTSET', 'VALID'].includes(stringOf(node, 'auto_pad', 'NOTSET'));
}
