import { GraphBuilder } from '../../onnx/builder.ts';
import type { Graph } from '../../onnx/graph.ts';
import type { ImageShape } from '../../image/image.ts';
import type { Architecture, ArchitectureOptions } from './architecture.ts';
import type { Normalisation } from '../batches/channel-statistics.ts';
import { foldNorms } from './fold-norms.ts';
import { initialise } from './initialisers.ts';
import { NetworkBuilder } from './network-builder.ts';
import { Layout, type InitialisedSpec } from './parameters.ts';
import {
  meanOf,
  varianceOf,
  type NetworkMode,
  type NetworkState,
  type Trainable,
  type WrittenNetwork,
} from './trainable.ts';

/** What decides a network's graph, apart from its parameters. */
export interface NetworkDescription extends Normalisation {
  readonly architecture: Architecture;
  readonly options: ArchitectureOptions;
  readonly shape: ImageShape;
  readonly classes: number;
}

/** A network built from an architecture: one description, its tensors, and the graph for each use. */
export class Network implements Trainable {
  readonly shape: ImageShape;
  readonly classes: number;
  readonly normalisation: Normalisation;
  readonly parameters: readonly InitialisedSpec[];
  readonly layout: Layout;
  readonly statistics: Layout;
  readonly #architecture: Architecture;
  readonly #options: ArchitectureOptions;

  constructor({ architecture, options, shape, classes, mean, std, whitening }: NetworkDescription) {
    this.#architecture = architecture;
    this.#options = options;
    this.shape = shape;
    this.classes = classes;
    this.normalisation = { mean, std, whitening };
    const { net } = this.#write(new GraphBuilder('network'), { kind: 'training' });
    this.parameters = net.parameters;
    this.layout = new Layout(net.parameters);
    this.statistics = new Layout(
      net.norms.flatMap(({ name, channels }) => [
        { name: meanOf(name), dims: [channels] },
        { name: varianceOf(name), dims: [channels] },
      ]),
    );
  }

  forward(graph: GraphBuilder, mode: NetworkMode): WrittenNetwork {
    const { logits, net } = this.#write(graph, mode);
    return { logits, norms: net.norms };
  }

  /** Parameters as their initialisers draw them; running means 0, variances 1. */
  initialState(seed: number): NetworkState {
    const statistics = new Float32Array(this.statistics.total);
    for (const { name, offset, size } of this.statistics.slots)
      if (name.endsWith(varianceOf(''))) statistics.fill(1, offset, offset + size);
    return { parameters: initialise(this.layout, this.parameters, seed), statistics };
  }

  /** Norms are folded into convolutions. */
  inferenceGraph(state: NetworkState): Graph {
    const values = new Map([...this.layout.views(state.parameters), ...this.statistics.views(state.statistics)]);
    const graph = new GraphBuilder(this.#architecture.name);
    const { logits } = this.forward(graph, { kind: 'inference', values });
    graph.outputAs('logits', logits, 'float32', ['batch', this.classes]);
    return foldNorms(graph.build());
  }

  #write(graph: GraphBuilder, mode: NetworkMode): { logits: string; net: NetworkBuilder } {
    const { mean, std, whitening } = this.normalisation;
    const dims = [this.shape.channels, this.shape.height, this.shape.width];
    const net = new NetworkBuilder(graph, mode);
    const raw = graph.input('input', 'float32', ['batch', ...dims]);
    const image = net.standardise({ value: raw, dims }, mean, std);
    return { logits: this.#architecture.build(net, image, this.classes, { ...this.#options, whitening }).value, net };
  }
}
