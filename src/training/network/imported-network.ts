import { misuse } from '../../errors/error.ts';
import type { ImageShape } from '../../image/image.ts';
import type { PreparedModel } from '../../model/prepared-model.ts';
import { writeLogits, writePreprocessing } from '../../model/preprocessing-graph.ts';
import { graphsOf } from '../../onnx/attributes.ts';
import { GraphBuilder } from '../../onnx/builder.ts';
import type { Graph, Model } from '../../onnx/graph.ts';
import { inline } from '../../onnx/inline.ts';
import { pruneGraph } from '../../onnx/prune.ts';
import { toWorkingOpset } from '../../onnx/upgrade.ts';
import { widenFloat16 } from '../../onnx/widen.ts';
import { constantsOf } from './constants.ts';
import { Layout, type ParameterSpec } from './parameters.ts';
import { type StoredNorm, storedNorms, withBatchStatistics } from './stored-norms.ts';
import {
  meanOf,
  type NetworkMode,
  type NetworkState,
  type Trainable,
  varianceOf,
  type WrittenNetwork,
} from './trainable.ts';
import { findWeights } from './weights.ts';

/** Prefix of the names of the model's own values, which are anybody's. */
const OWN = 'model/';

/**
 * A classifier that somebody brings as something to train: raw images in [0, 1] go through its preprocessing, its graph
 * in float32 with its weights as parameters, and what turns its scores into logits. Parameters bear the names of the
 * model's own constants. Normalisations keep the statistics that they have, or estimate them on what is trained on.
 */
export class ImportedNetwork implements Trainable {
  readonly shape: ImageShape;
  readonly classes: number;
  readonly parameters: readonly ParameterSpec[];
  readonly layout: Layout;
  readonly statistics: Layout;
  readonly #prepared: PreparedModel;
  /** The model's graph with its weights and running statistics as inputs, its images the first of them. */
  readonly #graph: Graph;
  /** The same in training, where normalisations are by the batch. */
  readonly #trained: Graph;
  /** Normalisations whose statistics are estimated. */
  readonly #norms: readonly StoredNorm[];
  /** Where each weight of the graph lies among the parameters: those that the file shares are one. */
  readonly #parameterOf: ReadonlyMap<string, string>;
  readonly #start: NetworkState;

  /**
   * @param original the model as its file has it; weights are trained that can be found in it again
   * @param prepared the same, as it runs
   * @param norms whether batch normalisations keep their running statistics, or estimate them on what is trained on
   * @throws misuse `not-trainable` where nothing in it can be trained, `no-norms` where no statistics can be estimated
   */
  constructor(original: Model, prepared: PreparedModel, norms: 'keep' | 'estimate' = 'keep') {
    const { input, output } = prepared.description;
    this.#prepared = prepared;
    this.shape = input.shape;
    this.classes = output.width - output.labelOffset;
    const whole = widenFloat16(toWorkingOpset(prepared.model)).graph;
    const graph = pruneGraph(whole, [output.name]);
    refuseInnerGraphs(graph);
    const constants = constantsOf(original.graph);
    const parameterOf = new Map<string, string>();
    for (const name of findWeights(graph)) {
      const known = constants.get(name);
      const size = graph.initializers.get(name)!.data.length;
      if (known !== undefined && known.value.data.length === size) parameterOf.set(name, known.name);
    }
    if (parameterOf.size === 0) {
      throw misuse({
        code: 'not-trainable',
        subject: 'model',
        problem: 'has no weights: none of its constants is a floating-point weight of a convolution, product or norm.',
        advice: 'Give the model as it was before it was quantised or compiled.',
      });
    }
    const first = new Map([...parameterOf].reverse().map(([name, parameter]) => [parameter, name]));
    this.#parameterOf = parameterOf;
    this.parameters = [...first].reverse().map(([parameter, name]) => {
      const { dims, data } = graph.initializers.get(name)!;
      const decays = dims.filter((length) => length > 1).length > 1;
      return { name: parameter, dims, decays, scale: sizeOf(data as Float32Array) };
    });
    this.layout = new Layout(this.parameters);
    this.#norms = norms === 'estimate' ? storedNorms(graph, constants) : [];
    if (norms === 'estimate' && this.#norms.length === 0) throw noNorms();
    const statistics = new Map(
      this.#norms.flatMap(({ name, node }) => [
        [meanOf(name), node.inputs[3]],
        [varianceOf(name), node.inputs[4]],
      ]),
    );
    this.statistics = new Layout(
      this.#norms.flatMap(({ name, channels }) =>
        [meanOf(name), varianceOf(name)].map((slot) => ({ name: slot, dims: [channels] })),
      ),
    );
    const filled = (layout: Layout, names: ReadonlyMap<string, string>): Float32Array => {
      const values = new Float32Array(layout.total);
      for (const { name, offset } of layout.slots)
        values.set(graph.initializers.get(names.get(name)!)!.data as Float32Array, offset);
      return values;
    };
    this.#start = { parameters: filled(this.layout, first), statistics: filled(this.statistics, statistics) };
    this.#graph = withInputs(graph, [...parameterOf.keys(), ...statistics.values()], input.name);
    this.#trained = withInputs(withBatchStatistics(graph, this.#norms), [...parameterOf.keys()], input.name);
  }

  forward(b: GraphBuilder, mode: NetworkMode): WrittenNetwork {
    const { description, preprocessing } = this.#prepared;
    const { channels, height, width } = this.shape;
    const raw = b.input('input', 'float32', ['batch', channels, height, width]);
    const tensor = ({ name, dims }: { readonly name: string; readonly dims: readonly number[] }): string =>
      mode.kind === 'inference'
        ? b.initializer(name, { type: 'float32', dims, data: mode.values.get(name)! })
        : b.input(name, 'float32', dims);
    const values = new Map(this.parameters.map((parameter) => [parameter.name, tensor(parameter)]));
    const feeds = Object.fromEntries([
      [description.input.name, writePreprocessing(b, raw, description.input, preprocessing)],
      ...[...this.#parameterOf].map(([own, parameter]) => [own, values.get(parameter)!]),
    ]) as Record<string, string>;
    if (mode.kind === 'training') {
      const [scores, ...statistics] = inline(b, this.#trained, OWN, feeds);
      this.statistics.slots.forEach(({ name }, i) => b.node('Identity', [statistics[i]], [name]));
      return { logits: writeLogits(b, scores, description.output), norms: this.#norms };
    }
    for (const { name, channels, node } of this.#norms) {
      feeds[node.inputs[3]] = tensor({ name: meanOf(name), dims: [channels] });
      feeds[node.inputs[4]] = tensor({ name: varianceOf(name), dims: [channels] });
    }
    const [scores] = inline(b, this.#graph, OWN, feeds);
    return { logits: writeLogits(b, scores, description.output), norms: this.#norms };
  }

  /** The weights and statistics that the model came with. */
  initialState(): NetworkState {
    return { parameters: this.#start.parameters.slice(), statistics: this.#start.statistics.slice() };
  }

  /** The values of a state by the names that they have in the file. */
  constantsOf({ parameters, statistics }: NetworkState): Map<string, Float32Array> {
    const values = this.statistics.views(statistics);
    return new Map([
      ...this.layout.views(parameters),
      ...this.#norms.flatMap(({ name, constants: [mean, variance] }): [string, Float32Array][] => [
        [mean, values.get(meanOf(name))!],
        [variance, values.get(varianceOf(name))!],
      ]),
    ]);
  }

  inferenceGraph({ parameters, statistics }: NetworkState): Graph {
    const b = new GraphBuilder('imported');
    const values = new Map([...this.layout.views(parameters), ...this.statistics.views(statistics)]);
    const { logits } = this.forward(b, { kind: 'inference', values });
    b.outputAs('logits', logits, 'float32', ['batch', this.classes]);
    return b.build();
  }
}

/** Weights smaller than this count as of this size: biases that are zero may move. */
const LEAST_SIZE = 0.01;

/** Root of the mean square. */
function sizeOf(values: Float32Array): number {
  const squares = values.reduce((sum, value) => sum + value * value, 0);
  return Math.max(LEAST_SIZE, Math.sqrt(squares / values.length));
}

/** The graph with some of its initializers as inputs behind that of the images. */
function withInputs(graph: Graph, names: readonly string[], images: string): Graph {
  const initializers = new Map(graph.initializers);
  const inputs = names.map((name) => {
    const { type, dims } = graph.initializers.get(name)!;
    initializers.delete(name);
    return { name, type, shape: dims };
  });
  const own = graph.inputs.find(({ name }) => name === images)!;
  return { ...graph, initializers, inputs: [{ ...own, type: 'float32' }, ...inputs] };
}

function noNorms(): Error {
  return misuse({
    code: 'no-norms',
    subject: 'norms=estimate',
    problem: 'is given, and the model has no batch normalisation with running statistics of its own.',
    advice: 'Leave it out: where exporters folded normalisations into convolutions there is nothing to estimate.',
  });
}

function refuseInnerGraphs({ nodes }: Graph): void {
  const node = nodes.find((one) => graphsOf(one).length > 0);
  if (node === undefined) return;
  throw misuse({
    code: 'not-trainable',
    subject: 'model',
    problem: `cannot be trained: the node '${node.name || node.outputs[0]}' (${node.opType}) holds graphs of its own.`,
    advice: 'Export the model without control flow.',
  });
}
