import type { Graph, Node, TensorValue } from '../../onnx/graph.ts';
import { pruneGraph } from '../../onnx/prune.ts';
import { rewrite, type Rule } from '../../onnx/rewriting/rewriter.ts';
import { SourceGraph } from '../../onnx/rewriting/source-graph.ts';

/**
 * Folds each inference-mode BatchNormalization that follows a convolution into that convolution's weight and bias:
 *   f = scale / √(variance + ε);  W′ = f · W;  b′ = (b − mean) · f + shift.
 * A max-pool may stand between them where no factor is negative: it commutes with rising functions. A norm after
 * anything else (a sum, as in pre-activation networks) stays. All operands must be initializers that nothing else uses.
 */
export function foldNorms(graph: Graph): Graph {
  const source = new SourceGraph(graph);
  const normOf = new Map<Node, Node>();
  for (const norm of graph.nodes) {
    const conv = convolutionBefore(norm, source);
    if (conv !== undefined) normOf.set(conv, norm);
  }
  const folded = new Set(normOf.values());
  const fold: Rule = (node, r) => {
    if (folded.has(node)) return [r.value(node.inputs[0])];
    const norm = normOf.get(node);
    if (norm === undefined) return undefined;
    const { name, weight, bias } = foldedTensors(node, norm, source);
    const biasName = r.b.initializer(name.replace(/weight$/, '') + 'folded-bias', tensor([bias.length], bias));
    r.b.setInitializer(name, tensor(source.constant(name)!.dims, weight));
    r.b.add({ ...node, inputs: [r.value(node.inputs[0]), name, biasName] });
    return node.outputs;
  };
  return pruneGraph(rewrite(graph, fold, { names: 'outputs' }));
}

/** The convolution that a norm is folded into. */
function convolutionBefore(norm: Node, source: SourceGraph): Node | undefined {
  if (norm.opType !== 'BatchNormalization') return undefined;
  const before = source.maker(norm.inputs[0]);
  const pool = before?.opType === 'MaxPool' ? before : undefined;
  const conv = pool === undefined ? before : source.maker(pool.inputs[0]);
  if (conv?.opType !== 'Conv' || [norm.inputs[0], conv.outputs[0]].some((value) => source.uses(value) !== 1))
    return undefined;
  return pool !== undefined && floats(source, norm.inputs[1]).some((value) => value < 0) ? undefined : conv;
}

function foldedTensors(
  conv: Node,
  norm: Node,
  source: SourceGraph,
): { name: string; weight: Float32Array; bias: Float32Array } {
  const [scale, shift, mean, variance] = norm.inputs.slice(1).map((name) => floats(source, name));
  const epsilon = norm.attributes.get('epsilon');
  const [, name, oldBias] = conv.inputs;
  if (epsilon?.kind !== 'float' || source.uses(name) !== 1)
    throw new Error(`internal: '${norm.name}' cannot be folded`);
  const weight = Float32Array.from(floats(source, name));
  const old = oldBias === undefined ? undefined : floats(source, oldBias);
  const bias = new Float32Array(scale.length);
  const inner = weight.length / bias.length;
  for (let c = 0; c < bias.length; c++) {
    const factor = scale[c] / Math.sqrt(variance[c] + epsilon.value);
    for (let i = c * inner; i < (c + 1) * inner; i++) weight[i] *= factor;
    bias[c] = ((old?.[c] ?? 0) - mean[c]) * factor + shift[c];
  }
  return { name, weight, bias };
}

function tensor(dims: readonly number[], data: Float32Array): TensorValue {
  return { type: 'float32', dims, data };
}

function floats(source: SourceGraph, name: string): Float32Array {
  const value = source.constant(name);
  if (!(value?.data instanceof Float32Array)) throw new Error(`internal: '${name}' is no float32 initializer`);
  return value.data;
}
