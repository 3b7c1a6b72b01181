import type { GraphBuilder } from '../../onnx/builder.ts';
import type { Graph } from '../../onnx/graph.ts';
import type { ImageShape } from '../../image/image.ts';
import type { Normalisation } from '../batches/channel-statistics.ts';
import type { Layout, ParameterSpec } from './parameters.ts';

/**
 * What a training run needs of a network: where its tensors lie in flat vectors, and how it writes itself into a graph.
 * A `Network` is built from an architecture; an `ImportedNetwork` is a graph that somebody brings.
 */
export interface Trainable {
  /** Of the raw images that it takes, in [0, 1]. */
  readonly shape: ImageShape;
  readonly classes: number;
  readonly parameters: readonly ParameterSpec[];
  /** Where parameters lie in the flat vector. */
  readonly layout: Layout;
  /** Where running means and variances lie in theirs. */
  readonly statistics: Layout;
  /** What it does to its input before anything is trained, where that was found on the training images. */
  readonly normalisation?: Normalisation;
  /** Declares the input `input` [batch, channels, height, width] and writes the network up to its logits. */
  forward(graph: GraphBuilder, mode: NetworkMode): WrittenNetwork;
  /** Its state before the first update. */
  initialState(seed: number): NetworkState;
  /** The graph for inference: constant weights; `input` → `logits`. */
  inferenceGraph(state: NetworkState): Graph;
}

/** What `forward` wrote. */
export interface WrittenNetwork {
  /** Value [batch, classes]. */
  readonly logits: string;
  /** In training mode each has the values `meanOf(name)` and `varianceOf(name)`. */
  readonly norms: readonly NormSpec[];
}

/** A trained state: flat vectors in the network's two layouts. */
export interface NetworkState {
  readonly parameters: Float32Array;
  /** Running means and variances of the norms. */
  readonly statistics: Float32Array;
}

/** A batch normalisation, whose running mean and variance a trained network keeps beside its parameters. */
export interface NormSpec {
  readonly name: string;
  readonly channels: number;
}

/**
 * How the tensors of a network appear in the graph.
 * `training`: parameters are inputs, norms use the batch's own statistics.
 * `frozen`: parameters and running statistics are inputs, norms use the latter.
 * `inference`: parameters and running statistics are constants, looked up by name.
 */
export type NetworkMode =
  | { readonly kind: 'training' }
  | { readonly kind: 'frozen' }
  | { readonly kind: 'inference'; readonly values: ReadonlyMap<string, Float32Array> };

/** Name of a norm's mean: of the batch in training graphs, the running one among a network's statistics. */
export function meanOf(norm: string): string {
  return `${norm}.mean`;
}

/** Name of a norm's variance (divided by N, not N − 1). */
export function varianceOf(norm: string): string {
  return `${norm}.variance`;
}
