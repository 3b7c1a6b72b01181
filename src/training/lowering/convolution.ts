import { intOf, intsOf } from '../../onnx/attributes.ts';
import type { Node } from '../../onnx/graph.ts';
import type { Lowering, LoweringRule } from './context.ts';
import { blockedSwappedWeights, blockedWeights } from './weights.ts';

function attributesOf(node: Node): { strides: readonly number[]; dilations: readonly number[]; pads: readonly number[] } {
  return { strides: intsOf(node, 'strides') ?? [1, 1], dilations: intsOf(node, 'dilations') ?? [1, 1], pads: intsOf(node, 'pads') ?? [0, 0, 0, 0] };
}

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
  const shape = lowering.shape(weights) as readonly [number, number, number, number];
  const fromPlain = shape[1] % lowering.block !== 0;
  const reordered = blockedSwappedWeights(lowering, weights) ?? blockedWeights(lowering, lowering.plain(weights), shape);
  const inputs = [fromPlain ? lowering.plain(x) : lowering.blocked(x), reordered];
  if (bias !== undefined && bias !== '') inputs.push(lowering.plain(bias));
  lowering.setForm(node.outputs[0], { terms: [{ tensor: lowering.nchwc('Conv', inputs, { ...attributesOf(node), kernel_shape: shape.slice(2), group: 1 }) }] });
}

/** A convolution over an image, forwards or backwards. */
export const ordinaryConvolution: LoweringRule = { applies: isOrdinary, blocks: () => true, write: writeOrdinary };
