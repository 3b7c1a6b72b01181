import type { Graph, Node, TensorValue } from '../../onnx/graph.ts';

/**
 * Folds each inference-mode BatchNormalization that follows a convolution into that convolution's weight and bias:
 *   f = scale / √(variance + ε);  W′ = f · W;  b′ = (b − mean) · f + shift.
 * A max-pool may stand between them where no factor is negative: it commutes with rising functions. A norm after
 * anything else (a sum, as in pre-activation networks) stays. All operands must be initializers.
 */
export function foldNorms(graph: Graph): Graph {
  const uses = new Map<string, number>();
  for (const name of [...graph.nodes.flatMap((n) => n.inputs), ...graph.outputs.map((o) => o.name)])
    uses.set(name, (uses.get(name) ?? 0) + 1);
  const convolutions = new Map(graph.nodes.filter((n) => n.opType === 'Conv').map((n) => [n.outputs[0], n]));
  const pools = new Map(graph.nodes.filter((n) => n.opType === 'MaxPool').map((n) => [n.outputs[0], n]));
  const initializers = new Map(graph.initializers);
  const folded = new Map<Node, Node | undefined>();

  for (const norm of graph.nodes) {
    if (norm.opType !== 'BatchNormalization') continue;
    const pool = pools.get(norm.inputs[0]);
    const conv = convolutions.get(pool?.inputs[0] ?? norm.inputs[0]);
    if (
      conv === undefined ||
      [conv, ...(pool === undefined ? [] : [pool])].some((node) => uses.get(node.outputs[0]) !== 1)
    )
      continue;
    const [scale, shift, mean, variance] = norm.inputs.slice(1).map((name) => floats(graph, name));
    const epsilon = norm.attributes.get('epsilon');
    const weight = graph.initializers.get(conv.inputs[1]);
    if (pool !== undefined && scale.some((value) => value < 0)) continue;
    if (weight === undefined || epsilon?.kind !== 'float') throw new Error(`internal: '${norm.name}' cannot be folded`);
    const old = conv.inputs[2] === undefined ? undefined : floats(graph, conv.inputs[2]);
    const channels = weight.dims[0];
    const values = Float32Array.from(weight.data as Float32Array);
    const bias = new Float32Array(channels);
    const inner = values.length / channels;
    for (let c = 0; c < channels; c++) {
      const factor = scale[c] / Math.sqrt(variance[c] + epsilon.value);
      for (let i = c * inner; i < (c + 1) * inner; i++) values[i] *= factor;
      bias[c] = ((old?.[c] ?? 0) - mean[c]) * factor + shift[c];
    }
    const biasName = conv.inputs[1].replace(/weight$/, '') + 'folded-bias';
    initializers.set(conv.inputs[1], { type: 'float32', dims: weight.dims, data: values });
    initializers.set(biasName, { type: 'float32', dims: [channels], data: bias } satisfies TensorValue);
    for (const name of norm.inputs.slice(1)) initializers.delete(name);
    folded.set(conv, {
      ...conv,
      inputs: [conv.inputs[0], conv.inputs[1], biasName],
      outputs: pool === undefined ? norm.outputs : conv.outputs,
    });
    if (pool !== undefined) folded.set(pool, { ...pool, outputs: norm.outputs });
    folded.set(norm, undefined);
  }

  const nodes = graph.nodes.flatMap((node) => (folded.has(node) ? (folded.get(node) ?? []) : node));
  return { ...graph, initializers, nodes };
}

function floats(graph: Graph, name: string): Float32Array {
  const value = graph.initializers.get(name);
  if (!(value?.data instanceof Float32Array)) throw new Error(`internal: '${name}' is no float32 initializer`);
  return value.data;
}
