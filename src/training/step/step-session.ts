import { Tensor } from 'onnxruntime-common';
import type { Runtime, Session } from '../../runtime/runtime.ts';
import type { Trainable } from '../network/trainable.ts';
import { openFastest } from './fastest.ts';
import { layoutFeeds, rowsTensor } from './session.ts';
import { stepGraph, type PairTerm } from './step-graph.ts';

/** What the step graph is fed with. */
export interface StepInput {
  readonly rows: number;
  /** [rows, channels · height · width] */
  readonly images: Float32Array;
  /** [rows, classes] */
  readonly targets: Float32Array;
}

/** Runs the training step's graph; gradients and statistics land in flat vectors of the network's layouts. */
export class StepSession {
  readonly #network: Trainable;
  readonly #session: Session;
  /** Output that holds a parameter's gradient. */
  readonly #gradients: ReadonlyMap<string, string>;

  private constructor(network: Trainable, session: Session, gradients: ReadonlyMap<string, string>) {
    this.#network = network;
    this.#session = session;
    this.#gradients = gradients;
  }

  /**
   * @param rows of every batch that will be run, natural and transformed images together
   * @param onNotice takes one line where the faster, blocked layout cannot be used
   */
  static async open(
    network: Trainable,
    runtime: Runtime,
    threads: number,
    rows: number,
    pair?: PairTerm,
    onNotice: (text: string) => void = () => {},
  ): Promise<StepSession> {
    const { graph, gradients } = stepGraph(network, pair);
    return new StepSession(network, await openFastest(graph, rows, runtime, threads, onNotice), gradients);
  }

  /**
   * @param gradient takes the gradient by the parameters
   * @param statistics takes the batch's means and variances
   * @returns the loss
   */
  async run(
    parameters: Float32Array,
    input: StepInput,
    gradient: Float32Array,
    statistics: Float32Array,
  ): Promise<number> {
    const { layout, statistics: statisticsLayout, shape, classes } = this.#network;
    const { channels, height, width } = shape;
    const feeds = {
      ...layoutFeeds(layout, parameters),
      input: rowsTensor(input.images, input.rows, [channels, height, width]),
      targets: rowsTensor(input.targets, input.rows, [classes]),
    };
    // Written in place: new memory for each step's gradients, and two copies of it, took a tenth of a step of the MNIST
    // net.
    const byParameter = Object.entries(layoutFeeds(layout, gradient)).map(
      ([name, tensor]) => [this.#gradients.get(name) as string, tensor] as const,
    );
    const loss = new Float32Array(1);
    await this.#session.run(feeds, {
      ...Object.fromEntries(byParameter),
      ...layoutFeeds(statisticsLayout, statistics),
      loss: new Tensor('float32', loss, []),
    });
    return loss[0];
  }

  release(): Promise<void> {
    return this.#session.release();
  }
}
