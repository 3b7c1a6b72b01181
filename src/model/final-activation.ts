import type { Model } from '../onnx/graph.ts';
import { makersOf } from '../onnx/links.ts';
import type { ModelDescription } from './description.ts';
import { lastOperator } from './describe-output.ts';

/**
 * The model without the Softmax or Sigmoid that ends it: the scores before it are logits, hold their differences where
 * probabilities have run out of digits, and are what gradients want. The classes keep their order.
 *
 * @param output with the kind that a run confirmed
 * @returns undefined where there is nothing to take off, or where something behind the activation changes the values
 */
export function withoutFinalActivation(model: Model, output: ModelDescription['output']): Model | undefined {
  if (output.kind !== 'probabilities' && output.kind !== 'sigmoid') return undefined;
  const { graph } = model;
  const activation = lastOperator(graph, output.name);
  if (activation === undefined || (activation.opType !== 'Softmax' && activation.opType !== 'Sigmoid'))
    return undefined;
  if (isQuantizedBehind(model, output.name)) return undefined;
  const pass = { ...activation, opType: 'Identity', domain: '', attributes: new Map() };
  return { ...model, graph: { ...graph, nodes: graph.nodes.map((node) => (node === activation ? pass : node)) } };
}

/** Quantised probabilities have a range of [0, 1]: logits would be cut to it. */
function isQuantizedBehind({ graph }: Model, output: string): boolean {
  const makers = makersOf(graph);
  let node = makers.get(output);
  while (node !== undefined && node.opType !== 'Softmax' && node.opType !== 'Sigmoid') {
    if (node.opType.includes('QuantizeLinear')) return true;
    node = makers.get(node.inputs[0]);
  }
  return false;
}
