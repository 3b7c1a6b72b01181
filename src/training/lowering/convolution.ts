import { intOf, intsOf } from '../../onnx/attributes.ts';
import type { Node } from '../../onnx/graph.ts';
import type { Lowering, LoweringRule } from './context.ts';

function attributesOf(node: Node): { strides: readonly number[]; dilations: readonly number[]; pads: readonly number[] } {
  return { strides: intsOf(node, 'strides') ?? [1, 1], dilations: intsOf(node, 'dilations') ?? [1, 1], pads: intsOf(node, 'pads') ?? [0, 0, 0, 0] };
}

/** Weights [O, I, kh, kw] in the order of the blocked convolution; for images in plain layout (I < B) another one. */
function reorderWeights(lowering: Lowering, weights: string, shape: readonly number[], fromPlain: boolean): string {
  const B = lowering.block;
  const [o, i, kh, kw] = shape;
  if (fromPlain) {
    const split = lowering.reshape(weights, [o / B, B, i, kh, kw]);
    return lowering.reshape(lowering.op('Transpose', [split], { perm: [0, 2, 3, 4, 1] }), shape);
  }
  const split = lowering.reshape(weights, [o / B, B, i / B, B, kh, kw]);
  return lowering.reshape(lowering.op('Transpose', [split], { perm: [0, 2, 4, 5, 3, 1] }), shape);
}

/** A convolution over an image, forwards or backwards. */
function isOrdinary(node: Node, lowering: Lowering): boolean {
  const [x, weights] = node.inputs;
  const [shape, kernel] = [lowering.shape(x), lowering.shape(weights)];
  if (lowering.imageShape(node.outputs[0]) === undefined || shape?.length !== 4 || kernel === undefined) return false;
  if (intOf(node, 'group', 1) !== 1 || (node.attributes.get('auto_pad')?.value ?? 'NOTSET') !== 'NOTSET') return false;
  const channels = shape[1];
  return channels % lowering.block === 0 || (channels < lowering.block && !lowering.isBlocked(x));
}

function writeOrdinary(node: Node, lowering: Lowering): void {
  const [x, weights, bias] = node.inputs;
  const shape = lowering.shape(weights) as readonly number[];
  const fromPlain = shape[1] % lowering.block !== 0;
  const inputs = [fromPlain ? lowering.plain(x) : lowering.blocked(x), reorderWeights(lowering, lowering.plain(weights), shape, fromPlain)];
  if (bias !== undefined && bias !== '') inputs.push(lowering.plain(bias));
  lowering.setForm(node.outputs[0], { terms: [{ tensor: lowering.nchwc('Conv', inputs, { ...attributesOf(node), kernel_shape: shape.slice(2), group: 1 }) }] });
}

/** The parts of a weight gradient as src/gradients writes it: see convolution-weights.ts there. */
interface WeightGradient {
  readonly x: string;
  readonly g: string;
  /** Rows and columns added around x: top, left, bottom, right. */
  readonly frame: readonly [number, number, number, number];
}

function weightGradientOf(node: Node, lowering: Lowering): WeightGradient | undefined {
  const [image, filter] = node.inputs;
  const transposedG = lowering.producer(filter);
  const reshaped = lowering.producer(image);
  if (transposedG?.opType !== 'Transpose' || intsOf(transposedG, 'perm')?.join() !== '1,0,2,3' || reshaped?.opType !== 'Reshape') return undefined;
  let source = lowering.producer(reshaped.inputs[0]);
  let frame: readonly [number, number, number, number] = [0, 0, 0, 0];
  if (source?.opType === 'Pad') {
    const amounts = lowering.numbers(source.inputs[1]);
    if (lowering.numbers(source.inputs[3] ?? '')?.join() !== '1,2' || amounts === undefined) return undefined;
    frame = amounts as unknown as typeof frame;
    source = lowering.producer(source.inputs[0]);
  }
  if (source?.opType !== 'Transpose' || intsOf(source, 'perm')?.join() !== '0,2,3,1') return undefined;
  return { x: source.inputs[0], g: transposedG.inputs[0], frame };
}

function isWeightGradient(node: Node, lowering: Lowering): boolean {
  const parts = weightGradientOf(node, lowering);
  if (parts === undefined || !lowering.isBlocked(parts.g)) return false;
  const [n] = lowering.imageShape(parts.g) ?? [];
  return n !== undefined && n % lowering.block === 0 && lowering.shape(parts.x) !== undefined;
}

/** The output gradient [N, O, h, w] as filter of a convolution over the batch. */
function asFilter(lowering: Lowering, g: string): string {
  const B = lowering.block;
  const [n, o, h, w] = lowering.imageShape(g) as readonly number[];
  const split = lowering.reshape(lowering.blocked(g), [n / B, B, o / B, h * w, B]);
  return lowering.reshape(lowering.op('Transpose', [split], { perm: [2, 0, 3, 1, 4] }), [o, n, h, w]);
}

/**
 * The weight gradient with the batch in blocks. Blocked x is framed and read as C/B images [N, H, W·B], the batch as channels:
 * blocks of the batch are made by one reordering, and every block of channels is an image of its own.
 */
function writeWeightGradient(node: Node, lowering: Lowering): void {
  const B = lowering.block;
  const { x, g, frame } = weightGradientOf(node, lowering) as WeightGradient;
  const [, o, rows, columns] = lowering.shape(node.outputs[0]) as readonly number[];
  const [, , h, w] = lowering.imageShape(g) as readonly number[];
  const [stride, columnStep] = attributesOf(node).dilations;
  const filter = asFilter(lowering, g);
  const attributes = { strides: [1, 1], pads: [0, 0, 0, 0], group: 1, kernel_shape: [h, w] };
  if (!lowering.isBlocked(x)) {
    const image = lowering.nchwc('ReorderInput', [lowering.plain(node.inputs[0])]);
    const sums = lowering.nchwc('Conv', [image, filter], { ...attributes, dilations: [stride, columnStep] });
    lowering.definePlain(node.outputs[0], 'ReorderOutput', [sums], { channels: o }, 'com.microsoft.nchwc');
    return;
  }
  const [n, c, height, width] = lowering.shape(x) as readonly number[];
  const [top, left, bottom, right] = frame;
  const [framedHeight, framedWidth] = [height + top + bottom, width + left + right];
  let blocks = lowering.reshape(lowering.blocked(x), [n, c / B, height, width, B]);
  if (frame.some((amount) => amount !== 0)) {
    blocks = lowering.op('Pad', [blocks, lowering.b.ints([top, left, bottom, right]), '', lowering.b.ints([2, 3])]);
  }
  const byChannels = lowering.op('Transpose', [blocks], { perm: [1, 0, 2, 3, 4] });
  const image = lowering.nchwc('ReorderInput', [lowering.reshape(byChannels, [c / B, n, framedHeight, framedWidth * B])]);
  const sums = lowering.nchwc('Conv', [image, filter], { ...attributes, dilations: [stride, (columnStep / c) * B] });
  const plain = lowering.nchwc('ReorderOutput', [sums], { channels: o });
  const apart = lowering.reshape(plain, [c / B, o, rows, columns / c, B]);
  const joined = lowering.op('Transpose', [apart], { perm: [1, 2, 3, 0, 4] });
  lowering.definePlain(node.outputs[0], 'Reshape', [joined, lowering.b.ints([1, o, rows, columns])]);
}

const ordinary: LoweringRule = { applies: isOrdinary, blocks: () => true, write: writeOrdinary };
const weightGradient: LoweringRule = { applies: isWeightGradient, blocks: () => false, write: writeWeightGradient };

export const CONVOLUTIONS = { ordinary, weightGradient };
