import type { Graph } from '../../onnx/graph.ts';

/** The graph with the batch's size in place of its symbol. */
export function withBatch(graph: Graph, rows: number): Graph {
  const inputs = graph.inputs.map((info) => ({ ...info, shape: info.shape?.map((d) => (d === 'batch' ? rows : d)) }));
  return { ...graph, inputs };
}
