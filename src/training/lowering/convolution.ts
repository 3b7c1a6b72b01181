import { intOf, intsOf } from '../../onnx/attributes.ts';
import type { Node } from '../../onnx/graph.ts';
import type { Lowering, LoweringRule } from './lowering.ts';
import { blockedWeights, type WeightShape } from './weights.ts';

type ConvolutionAttributes = Record<'strides' | 'dilations' | 'pads', readonly number[]>;

function attributesOf(node: Node): ConvolutionAttributes {
  return {
    strides: intsOf(node, 'strides') ?? [1, 1],
    dilations: intsOf(node, 'dilations') ?? [1, 1],
    pads: intsOf(node, 'pads') ?? [0, 0, 0, 0],
  };
}

function isLowered(node: Node, lowering: Lowering): boolean {
  const [x, weights] = node.inputs;
  const [shape, kernel] = [lowering.source.shape(x), lowering.source.shape(weights)];
  if (lowering.imageShape(node.outputs[0]) === undefined || shape?.length !== 4 || kernel === undefined) return false;
  if ((node.attributes.get('auto_pad')?.value ?? 'NOTSET') !== 'NOTSET') return false;
  const channels = shape[1];
  const groups = intOf(node, 'group', 1);
  if (groups !== 1) return isDepthwise(groups, kernel) && channels % lowering.block === 0;
  return channels % lowering.block === 0 || (channels < lowering.block && !lowering.isBlocked(x));
}

/** Whether each channel goes into one of its own alone. @param kernel [O, I, kh, kw] */
export function isDepthwise(groups: number, kernel: readonly number[]): boolean {
  return groups === kernel[0] && kernel[1] === 1;
}

/**
 * Of each row, ONNX Runtime's kernels compute the outputs that reach into the padding one at a time. Where these are
 * more than this share of all, it pays to add the columns of zeros beforehand (measured: 5×5 on 14 columns 14.2 → 7.7
 * ms, 3×3 on 7 columns 1.9 → 1.7 ms, on 8 columns 7.2 → 8.0 ms).
 */
const SLOW_SHARE = 0.28;

function write(node: Node, lowering: Lowering): void {
  const [x, weights, bias] = node.inputs;
  const shape = lowering.source.shape(weights) as WeightShape;
  const reordered = blockedWeights(lowering, lowering.value(weights), shape);
  const [, , , columns] = lowering.source.shape(node.outputs[0]) as readonly number[];
  const groups = intOf(node, 'group', 1);
  const convolution = {
    groups,
    weights: reordered,
    shape,
    bias: bias ? lowering.value(bias) : undefined,
    attributes: attributesOf(node),
  };
  lowering.setForm(
    node.outputs[0],
    (shape[1] * groups) % lowering.block === 0
      ? framedWhereSlow(lowering, { ...convolution, image: lowering.blocked(x) }, columns)
      : { ...convolution, image: lowering.value(x) },
  );
}

/** The convolution over a blocked image, with the padding at the sides made beforehand where that pays. */
export function framedWhereSlow<T extends PaddedConvolution>(lowering: Lowering, convolution: T, columns: number): T {
  const { image, shape, attributes, groups = 1 } = convolution;
  const [top, left, bottom, right] = attributes.pads;
  if (attributes.strides[1] !== 1 || left + right < SLOW_SHARE * columns) return convolution;
  return {
    ...convolution,
    image: lowering.framed(image, shape[1] * groups, [0, left, 0, right]),
    attributes: { ...attributes, pads: [top, 0, bottom, 0] },
  };
}

interface PaddedConvolution {
  readonly image: string;
  /** Of the weights, [O, I, kh, kw]. */
  readonly shape: readonly number[];
  readonly attributes: ConvolutionAttributes;
  readonly groups?: number;
}

/** A convolution over an image, of all channels or of each alone. */
export const convolution: LoweringRule = { applies: isLowered, blocks: () => true, write };
