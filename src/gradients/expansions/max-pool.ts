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
  const is = (name: string, wanted: string): boolean => [undefined, wanted].includes(intsOf(node, name)?.join());
  return (
    intsOf(node, 'kernel_shape')?.join() === '2,2' &&
    intsOf(node, 'strides')?.join() === '2,2' &&
    is('pads', '0,0,0,0') &&
    is('dilations', '1,1') &&
    intOf(node, 'ceil_mode', 0) === 0 &&
    ['NOTSET', 'VALID'].includes(stringOf(node, 'auto_pad', 'NOTSET'))
  );
}
