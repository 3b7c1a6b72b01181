import { misuse } from '../errors/error.ts';
import { graphsOf, intOf } from '../onnx/attributes.ts';
import { DRAWS } from '../onnx/chance.ts';
import type { Graph, Model, Node } from '../onnx/graph.ts';
import { makersOf } from '../onnx/links.ts';
import { valuesReadBy } from '../onnx/prune.ts';
import { numbersOf } from '../onnx/tensor.ts';

/** The first opset in which BatchNormalization says its mode by an attribute; before, further outputs mean training. */
const MODE_BY_ATTRIBUTE = 14;

/**
 * Refuses models whose graph says that an image has no answer of its own: norms and dropout in training mode, random
 * numbers.
 * @param output of the scores; what does not reach it does not count
 * @throws misuse `training-mode` or `random-model`, naming the operators
 */
export function requireSteady({ graph, opsets }: Model, output: string): void {
  const nodes = nodesBehind(graph, output);
  const opset = opsets.get('') ?? MODE_BY_ATTRIBUTE;
  const constants = constantsOf(graph);
  const norms = nodes.filter((node) => isTrainingNorm(node, opset) && !constants.has(node.inputs[0]));
  if (norms.length > 0) {
    throw misuse({
      code: 'training-mode',
      subject: 'model',
      problem:
        `its ${listed(norms)} in training mode: each image is normalised by the mean and variance of whatever ` +
        'images share its batch, so no image has an answer of its own.',
      advice:
        'Export it in inference mode: in PyTorch call model.eval() first and leave out ' +
        'torch.onnx.export(training=…), in Keras export the model for inference.',
    });
  }
  const random = nodes.filter((node) => DRAWS.has(node.opType) || isActiveDropout(node, graph));
  if (random.length > 0) {
    throw misuse({
      code: 'random-model',
      subject: 'model',
      problem:
        `its ${listed(random)} at random: the same image gets another answer each time, ` +
        'so that no verdict would hold.',
      advice:
        'Export it in inference mode (in PyTorch: model.eval() before torch.onnx.export turns dropout off), ' +
        'or without the operators that draw.',
    });
  }
}

/**
 * The values that no input has a part in. Standardised weights are such: nets without norms make them by a
 * BatchNormalization in training mode (`ScaledStdConv2d` of timm).
 */
function constantsOf(graph: Graph): Set<string> {
  const constants = new Set(graph.initializers.keys());
  for (const node of graph.nodes) {
    if (!valuesReadBy(node).every((name) => constants.has(name))) continue;
    for (const name of node.outputs) constants.add(name);
  }
  return constants;
}

function isTrainingNorm({ opType, outputs, ...rest }: Node, opset: number): boolean {
  if (opType !== 'BatchNormalization') return false;
  if (intOf({ opType, outputs, ...rest }, 'training_mode', 0) === 1) return true;
  return opset < MODE_BY_ATTRIBUTE && outputs.slice(1).some((name) => name !== '');
}

/** Dropout from opset 12 on drops where its third input is true; an unknown one shows when the model is tried. */
function isActiveDropout(node: Node, graph: Graph): boolean {
  if (node.opType !== 'Dropout') return false;
  return constantOf(graph, node.inputs[2]) === 1 && constantOf(graph, node.inputs[1]) !== 0;
}

function constantOf(graph: Graph, name: string | undefined): number | undefined {
  if (name === undefined || name === '') return undefined;
  const made = makersOf(graph).get(name);
  const attribute = made?.opType === 'Constant' ? made.attributes.get('value') : undefined;
  const tensor = graph.initializers.get(name) ?? (attribute?.kind === 'tensor' ? attribute.value : undefined);
  return tensor === undefined ? undefined : numbersOf(tensor)[0];
}

/**
 * The nodes on whose values an output depends, those of inner graphs included. What only gives its shape does not
 * count.
 */
function nodesBehind(graph: Graph, output: string): Node[] {
  const needed = new Set([output]);
  const found: Node[] = [];
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some((name) => needed.has(name))) continue;
    found.push(node);
    if (node.opType === 'Shape' || node.opType === 'Size') continue;
    for (const name of valuesReadBy(node)) needed.add(name);
    for (const inner of innerNodes(node)) found.push(inner);
  }
  return found;
}

function innerNodes(node: Node): Node[] {
  return graphsOf(node).flatMap(({ nodes }) => nodes.flatMap((inner) => [inner, ...innerNodes(inner)]));
}

/** `BatchNormalization ('bn1', 'bn2') runs`. */
function listed(nodes: readonly Node[]): string {
  const types = [...new Set(nodes.map(({ opType }) => opType))];
  const names = nodes.slice(0, 3).map(({ name, outputs }) => `'${name || outputs[0]}'`);
  const more = nodes.length > names.length ? ` and ${nodes.length - names.length} more` : '';
  const verb = nodes.every(({ opType }) => opType === 'BatchNormalization') ? 'run' : 'draw';
  return `${types.join(', ')} (${names.join(', ')}${more}) ${nodes.length === 1 ? `${verb}s` : verb}`;
}
