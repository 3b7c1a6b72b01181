import { Tensor } from 'onnxruntime-common';
import type { Graph } from '../../onnx/graph.ts';
import { randomStream } from '../../random/stream.ts';
import type { Runtime, Session } from '../../runtime/runtime.ts';
import { openLowered } from '../lowering/open.ts';
import type { StepInput } from '../objectives/objective.ts';
import type { Network } from '../network/network.ts';
import { floatsOf, layoutFeeds, openGraph, rowsTensor } from './session.ts';
import { stepGraph, type PairTerm } from './step-graph.ts';

/** Runs the training step's graph; gradients and statistics land in flat vectors of the network's layouts. */
export class StepSession {
  readonly #network: Network;
  readonly #session: Session;
  /** Output that holds a parameter's gradient. */
  readonly #gradients: ReadonlyMap<string, string>;

  private constructor(network: Network, session: Session, gradients: ReadonlyMap<string, string>) {
    this.#network = network;
    this.#session = session;
    this.#gradients = gradients;
  }

  /**
   * @param rows of every batch that will be run, natural and transformed images together
   * @param onNotice takes one line where the faster, blocked layout cannot be used
   */
  static async open(network: Network, runtime: Runtime, threads: number, rows: number, pair?: PairTerm, onNotice: (text: string) => void = () => {}): Promise<StepSession> {
    const { graph, gradients } = stepGraph(network, pair);
    const fixed = withBatch(graph, rows);
    const lowered = await openLowered(fixed, sampleOf(fixed), runtime, threads);
    if ('session' in lowered) return new StepSession(network, lowered.session, gradients);
    onNotice(`Training in the plain layout: ${lowered.refusal}.`);
    return new StepSession(network, await openGraph(graph, runtime, threads), gradients);
  }

  /**
   * @param gradient takes the gradient by the parameters
   * @param statistics takes the batch's means and variances
   * @returns the loss
   */
  async run(parameters: Float32Array, input: StepInput, gradient: Float32Array, statistics: Float32Array): Promise<number> {
    const { layout, statistics: statisticsLayout, description } = this.#network;
    const { channels, height, width } = description.shape;
    const results = await this.#session.run({
      ...layoutFeeds(layout, parameters),
      input: rowsTensor(input.images, input.rows, [channels, height, width]),
      targets: rowsTensor(input.targets, input.rows, [description.classes]),
    });
    for (const { name, offset } of layout.slots) gradient.set(floatsOf(results[this.#gradients.get(name) as string]), offset);
    for (const { name, offset } of statisticsLayout.slots) statistics.set(floatsOf(results[name]), offset);
    return floatsOf(results.loss)[0];
  }

  release(): Promise<void> {
    return this.#session.release();
  }
}

/** The graph with the batch's size in place of its symbol. */
function withBatch(graph: Graph, rows: number): Graph {
  const inputs = graph.inputs.map((info) => ({ ...info, shape: info.shape?.map((d) => (d === 'batch' ? rows : d)) }));
  return { ...graph, inputs };
}

/** Numbers like those of training for a trial: images and targets in [0, 1], parameters near those of a start. */
function sampleOf(graph: Graph): Record<string, Tensor> {
  const stream = randomStream(0, 'trial');
  return Object.fromEntries(graph.inputs.map(({ name, shape = [] }, input) => {
    const dims = shape as readonly number[];
    const size = dims.reduce((product, d) => product * d, 1);
    const data = new Float32Array(size);
    const isData = name === 'input' || name === 'targets';
    const scale = name === 'targets' ? 1 / dims[0] : isData ? 1 : Math.sqrt(2 / Math.max(1, size / dims[0]));
    for (let i = 0; i < size; i += 4) {
      const draws = isData ? stream.uniform4(input, i) : stream.normal4(input, i);
      for (let j = 0; j < 4 && i + j < size; j++) data[i + j] = scale * draws[j];
    }
    return [name, new Tensor('float32', data, dims)];
  }));
}
