import type { Tensor } from 'onnxruntime-common';
import { differentiate, type Differentiated } from '../../gradients/differentiate.ts';
import { GraphBuilder } from '../../onnx/builder.ts';
import type { Graph } from '../../onnx/graph.ts';
import type { Device, Runtime, Session } from '../../runtime/runtime.ts';
import type { Network, NetworkState } from '../network/network.ts';
import { softCrossEntropy } from './loss.ts';
import { openFastest } from './fastest.ts';
import { floatsOf, layoutFeeds, openGraph, rowsTensor } from './session.ts';

/** Rows that go through the network together: enough to fill two cores, few enough to stay in the caches. */
const ROWS = 128;
/** The same, enough to fill a GPU. */
const DEVICE_ROWS = 1024;

/** The network in inference mode at one moment of training. */
export interface FrozenModel {
  /** @param images [rows, CHW] @returns [rows, classes] */
  logits(images: Float32Array, rows: number): Promise<Float32Array>;
  /**
   * Gradient of the summed cross-entropy by the raw pixels.
   * @param images [rows, CHW] @param targets [rows, classes] @returns [rows, CHW]
   */
  gradients(images: Float32Array, targets: Float32Array, rows: number): Promise<{ byInput: Float32Array }>;
  release(): Promise<void>;
}

/** The session for pixel gradients; it takes parameters as inputs, so one serves a whole run. */
export async function openGradientSession(network: Network, runtime: Runtime, threads: number): Promise<GradientSession> {
  const { graph, gradients } = gradientGraph(network);
  // The loss is of no use.
  const output = gradients.get('input') as string;
  const outputs = graph.outputs.filter(({ name }) => name === output);
  return { session: await openFastest({ ...graph, outputs }, ROWS, runtime, threads), output };
}

export interface GradientSession {
  readonly session: Session;
  /** Name of the output with the gradient by the pixels. */
  readonly output: string;
}

/** `input`, `targets`, parameters and running statistics → gradient of the summed cross-entropy by the pixels. */
export function gradientGraph(network: Network): Differentiated {
  const b = new GraphBuilder('pixel-gradient');
  const { logits } = network.forward(b, { kind: 'frozen' });
  const targets = b.input('targets', 'float32', ['batch', network.description.classes]);
  b.outputAs('loss', softCrossEntropy(b, logits, targets), 'float32', []);
  return differentiate(b.build(), { output: 'loss', by: ['input'] });
}

/**
 * Opens the network with its present weights as constants, which lets ONNX Runtime fold and reorder them: the new session
 * costs a fraction of the first batch. `gradient` is needed for `gradients` alone.
 */
export async function freeze(network: Network, state: NetworkState, runtime: Runtime, threads: number, gradient?: GradientSession): Promise<FrozenModel> {
  const session = await openGraph(network.inferenceGraph(state), runtime, threads);
  const { shape, classes } = network.description;
  const dims = [shape.channels, shape.height, shape.width];
  const size = dims[0] * dims[1] * dims[2];
  return {
    logits: (images, rows) => inParts(images, rows, ROWS, dims, classes, async (input) => floatsOf((await session.run({ input })).logits)),
    async gradients(images, targets, rows) {
      if (gradient === undefined) throw new Error('internal: no session for gradients');
      const byInput = new Float32Array(images.length);
      const constant = { ...layoutFeeds(network.layout, state.parameters), ...layoutFeeds(network.statistics, state.statistics) };
      for (let start = 0; start < rows; start += ROWS) {
        const end = Math.min(rows, start + ROWS);
        const feeds = {
          ...constant,
          input: rowsTensor(filled(images.subarray(start * size, end * size), ROWS * size), ROWS, dims),
          targets: rowsTensor(filled(targets.subarray(start * classes, end * classes), ROWS * classes), ROWS, [classes]),
        };
        const results = await gradient.session.run(feeds, [gradient.output]);
        byInput.set(floatsOf(results[gradient.output]).subarray(0, (end - start) * size), start * size);
      }
      return { byInput };
    },
    release: () => session.release(),
  };
}

/** `input`, parameters and running statistics → `logits`. */
export function frozenGraph(network: Network): Graph {
  const b = new GraphBuilder('frozen');
  b.outputAs('logits', network.forward(b, { kind: 'frozen' }).logits, 'float32', ['batch', network.description.classes]);
  return b.build();
}

/** The network in inference mode for devices where a new session is dear: one takes the weights of each moment as inputs. */
export class FrozenSession {
  readonly #network: Network;
  readonly #session: Session;

  private constructor(network: Network, session: Session) {
    this.#network = network;
    this.#session = session;
  }

  static async open(network: Network, runtime: Runtime, threads: number, device: Device): Promise<FrozenSession> {
    return new FrozenSession(network, await openGraph(frozenGraph(network), runtime, threads, device));
  }

  /** @param images [rows, CHW] @returns [rows, classes] */
  logits({ parameters, statistics }: NetworkState, images: Float32Array, rows: number): Promise<Float32Array> {
    const { description: { shape, classes }, layout, statistics: statisticsLayout } = this.#network;
    const weights = { ...layoutFeeds(layout, parameters), ...layoutFeeds(statisticsLayout, statistics) };
    return inParts(images, rows, DEVICE_ROWS, [shape.channels, shape.height, shape.width], classes, async (input) => floatsOf((await this.#session.run({ ...weights, input })).logits));
  }

  release(): Promise<void> {
    return this.#session.release();
  }
}

/** Puts images through `run` so many rows at a time. */
async function inParts(
  images: Float32Array, rows: number, together: number, dims: readonly number[], classes: number, run: (input: Tensor) => Promise<Float32Array>,
): Promise<Float32Array> {
  const size = dims[0] * dims[1] * dims[2];
  const all = new Float32Array(rows * classes);
  for (let start = 0; start < rows; start += together) {
    const end = Math.min(rows, start + together);
    all.set(await run(rowsTensor(images.subarray(start * size, end * size), end - start, dims)), start * classes);
  }
  return all;
}

/** Zeros after the values up to a length: the rows of targets that are zero have no gradient. */
function filled(values: Float32Array, length: number): Float32Array {
  if (values.length === length) return values;
  const all = new Float32Array(length);
  all.set(values);
  return all;
}
