import { GraphBuilder } from '../../onnx/builder.ts';
import type { Graph } from '../../onnx/graph.ts';
import type { ImageShape } from '../../image/image.ts';
import type { Architecture, ArchitectureOptions } from '../architectures/architecture.ts';
import type { Normalisation } from '../batches/channel-statistics.ts';
import { foldNorms } from './fold-norms.ts';
import { meanOf, NetworkBuilder, varianceOf, type NetworkMode } from './network-builder.ts';
import { Layout, type ParameterSpec } from './parameters.ts';

/** What decides a network's graph, apart from its parameters. */
export interface NetworkDescription extends Normalisation {
  readonly architecture: Architecture;
  readonly options: ArchitectureOptions;
  readonly shape: ImageShape;
  readonly classes: number;
}

/** A network's trained state: flat vectors in the network's two layouts. */
export interface NetworkState {
  readonly parameters: Float32Array;
  /** Running means and variances of the norms. */
  readonly statistics: Float32Array;
}

/** A network as graphs: one description, its tensors, and the graph for each use. */
export class Network {
  readonly description: NetworkDescription;
  readonly parameters: readonly ParameterSpec[];
  /** Where parameters lie in the flat vector. */
  readonly layout: Layout;
  /** Where running means and variances lie in theirs. */
  readonly statistics: Layout;

  constructor(description: NetworkDescription) {
    this.description = description;
    const net = this.forward(new GraphBuilder('network'), { kind: 'training' }).net;
    this.parameters = net.parameters;
    this.layout = new Layout(net.parameters);
    this.statistics = new Layout(
      net.norms.flatMap(({ name, channels }) => [
        { name: meanOf(name), dims: [channels] },
        { name: varianceOf(name), dims: [channels] },
      ]),
    );
  }

  /** Declares the input `input` [batch, channels, height, width] and writes the network up to its logits [batch, classes]. */
  forward(graph: GraphBuilder, mode: NetworkMode): { logits: string; net: NetworkBuilder } {
    const { architecture, options, shape, classes, mean, std, whitening } = this.description;
    const dims = [shape.channels, shape.height, shape.width];
    const net = new NetworkBuilder(graph, mode);
    const raw = graph.input('input', 'float32', ['batch', ...dims]);
    const image = net.standardise({ value: raw, dims }, mean, std);
    return { logits: architecture.build(net, image, classes, { ...options, whitening }).value, net };
  }

  /** The graph for inference: constant weights, norms folded; `input` → `logits`. */
  inferenceGraph(state: NetworkState): Graph {
    const values = new Map([...this.layout.views(state.parameters), ...this.statistics.views(state.statistics)]);
    const graph = new GraphBuilder(this.description.architecture.name);
    const { logits } = this.forward(graph, { kind: 'inference', values });
    graph.outputAs('logits', logits, 'float32', ['batch', this.description.classes]);
    return foldNorms(graph.build());
  }
}
