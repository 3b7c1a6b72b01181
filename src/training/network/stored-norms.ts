import { intOf } from '../../onnx/attributes.ts';
import type { Attribute, Graph, Node } from '../../onnx/graph.ts';
import { SourceGraph } from '../../onnx/rewriting/source-graph.ts';
import type { FileConstant } from './constants.ts';
import { meanOf, type NormSpec, varianceOf } from './trainable.ts';

/** A batch normalisation of a file, with the running statistics that the file keeps for it. */
export interface StoredNorm extends NormSpec {
  readonly node: Node;
  /** The file's own names of the running mean and variance. */
  readonly constants: readonly [mean: string, variance: string];
}

/**
 * The batch normalisations in inference form whose running mean and variance are constants of the file, each of one
 * normalisation alone.
 */
export function storedNorms(graph: Graph, constants: ReadonlyMap<string, FileConstant>): StoredNorm[] {
  const source = new SourceGraph(graph);
  return graph.nodes.flatMap((node): StoredNorm[] => {
    if (node.opType !== 'BatchNormalization' || node.domain !== '' || intOf(node, 'training_mode', 0) === 1) return [];
    const statistics = node.inputs.slice(3, 5);
    const files = statistics.map((name) => (source.constant(name) !== undefined ? constants.get(name) : undefined));
    if (files.some((file) => file === undefined) || statistics.some((name) => source.uses(name) > 1)) return [];
    const [mean, variance] = files as FileConstant[];
    const channels = mean.value.data.length;
    return [{ name: mean.name, channels, node, constants: [mean.name, variance.name] }];
  });
}

/** The graph with the statistics of the batch in these normalisations, which are outputs of it behind its own. */
export function withBatchStatistics(graph: Graph, norms: readonly StoredNorm[]): Graph {
  const normOf = new Map<Node, StoredNorm>(norms.map((norm) => [norm.node, norm]));
  const outputs = norms.flatMap((norm) => [meanOf(norm.name), varianceOf(norm.name)]);
  // Momentum 0 makes the operator's statistics outputs those of the batch alone.
  const training: readonly (readonly [string, Attribute])[] = [
    ['training_mode', { kind: 'int', value: 1 }],
    ['momentum', { kind: 'float', value: 0 }],
  ];
  return {
    ...graph,
    outputs: [...graph.outputs, ...outputs.map((name) => ({ name, type: 'float32' as const }))],
    nodes: graph.nodes.map((node) => {
      const norm = normOf.get(node);
      return norm === undefined
        ? node
        : {
            ...node,
            outputs: [node.outputs[0], meanOf(norm.name), varianceOf(norm.name)],
            attributes: new Map([...node.attributes, ...training]),
          };
    }),
  };
}
