import { intOf, intsOf } from '../../onnx/attributes.ts';
import type { AttributeInput } from '../../onnx/builder.ts';
import type { Dimension, Node } from '../../onnx/graph.ts';
import type { Axis } from '../rules/geometry.ts';

/** What the gradients of a convolution as operators (by its weights, by its input) hold beside their inputs. */
export interface ConvolutionGradient {
  readonly axes: readonly Axis[];
  readonly groups: number;
  /** Of the convolution's input, as far as they were known when the node was written. */
  readonly image: readonly (number | undefined)[];
  /** Of its output along the axes, likewise. */
  readonly output: readonly (number | undefined)[];
}

/** The attributes of such a node. */
export function convolutionAttributes(
  groups: number,
  axes: readonly Axis[],
  image: readonly Dimension[],
  output: readonly Dimension[],
): Record<string, AttributeInput> {
  const known = (dims: readonly Dimension[]): number[] => dims.map((d) => (typeof d === 'number' ? d : UNKNOWN));
  return {
    group: groups,
    kernel_shape: axes.map((a) => a.kernel),
    strides: axes.map((a) => a.stride),
    dilations: axes.map((a) => a.dilation),
    pads: [...axes.map((a) => a.before), ...axes.map((a) => a.after)],
    image: known(image),
    output: known(output),
  };
}

const UNKNOWN = -1;

/** Reads them. */
export function readConvolution(node: Node): ConvolutionGradient {
  const list = (name: string): readonly number[] => intsOf(node, name)!;
  const known = (name: string): (number | undefined)[] => list(name).map((d) => (d === UNKNOWN ? undefined : d));
  const rank = list('kernel_shape').length;
  const axes = list('kernel_shape').map((kernel, i) => ({
    kernel,
    stride: list('strides')[i],
    dilation: list('dilations')[i],
    before: list('pads')[i],
    after: list('pads')[rank + i],
  }));
  return { axes, groups: intOf(node, 'group', 1), image: known('image'), output: known('output') };
}
