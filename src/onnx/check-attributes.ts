import { describeNode, graphsOf, intOf, intsOf } from './attributes.ts';
import { damaged, LONGEST_AXIS } from './bounds.ts';
import { isFloat } from './element-type.ts';
import type { Graph, Node, TensorValue } from './graph.ts';

/** Operators that slide a kernel over spatial axes. */
const WINDOWED = new Set([
  'Conv',
  'ConvInteger',
  'ConvTranspose',
  'FusedConv',
  'QLinearConv',
  'MaxPool',
  'AveragePool',
  'LpPool',
  'MaxUnpool',
]);

/** Inputs or outputs of one node. */
const MOST_VALUES = 10_000;

/** Counts along one axis each, at least 1. */
const POSITIVE = ['kernel_shape', 'strides', 'dilations'];

/**
 * Refuses attributes that cannot be meant, and that analysis or ONNX Runtime would follow without bound: windows of
 * lengths that contradict each other, strides of 0, no groups.
 *
 * @throws misuse `damaged-graph`, naming node and attribute
 */
export function checkAttributes(graph: Graph): void {
  for (const node of graph.nodes) {
    const values = Math.max(node.inputs.length, node.outputs.length);
    if (values > MOST_VALUES)
      throw damaged(describeNode(node), `it has ${values} inputs or outputs; at most ${MOST_VALUES} are supported.`);
    if (WINDOWED.has(node.opType)) checkWindow(node);
    if (node.opType === 'Div' || node.opType === 'Mod') checkDivisor(node, graph.initializers.get(node.inputs[1]));
    if (node.opType === 'DepthToSpace' || node.opType === 'SpaceToDepth') checkCount(node, 'blocksize');
    for (const inner of graphsOf(node)) checkAttributes(inner);
  }
}

/** A division of whole numbers by zero ends the process that runs it. */
function checkDivisor(node: Node, divisor: TensorValue | undefined): void {
  if (divisor === undefined || isFloat(divisor.type) || divisor.type === 'string') return;
  if ((divisor.data as { includes(value: unknown): boolean }).includes(typeof divisor.data[0] === 'bigint' ? 0n : 0))
    throw damaged(describeNode(node), 'it divides whole numbers by 0.');
}

function checkWindow(node: Node): void {
  checkCount(node, 'group');
  const axes = [
    ...POSITIVE.map((name) => [name, intsOf(node, name)?.length] as const),
    ...['pads'].map((name) => [name, halfOf(intsOf(node, name)?.length)] as const),
  ].filter(([, count]) => count !== undefined && count !== 0);
  const odd = axes.find(([, count]) => count !== axes[0][1]);
  if (odd !== undefined)
    throw damaged(
      describeNode(node),
      `its attribute '${axes[0][0]}' is for ${axes[0][1]} spatial axes, but '${odd[0]}' for ${odd[1]}.`,
    );
  for (const name of POSITIVE) checkRange(node, name, 1);
  checkRange(node, 'pads', -LONGEST_AXIS);
  checkRange(node, 'output_padding', 0);
  checkRange(node, 'output_shape', 0);
}

function halfOf(count: number | undefined): number | undefined {
  return count === undefined ? undefined : count / 2;
}

function checkRange(node: Node, name: string, least: number): void {
  const wrong = intsOf(node, name)?.find((value) => !(value >= least && value <= LONGEST_AXIS));
  if (wrong !== undefined)
    throw damaged(describeNode(node), `its attribute '${name}' holds ${wrong}; it takes ${least} to ${LONGEST_AXIS}.`);
}

function checkCount(node: Node, name: string): void {
  const value = intOf(node, name, 1);
  if (!(value >= 1 && value <= LONGEST_AXIS))
    throw damaged(describeNode(node), `its attribute '${name}' is ${value}; it takes 1 to ${LONGEST_AXIS}.`);
}
