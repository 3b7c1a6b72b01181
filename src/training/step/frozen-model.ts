import type { Tensor } from 'onnxruntime-common';
import { differentiateByMeaning, type Differentiated } from '../../gradients/differentiate.ts';
import { totalCrossEntropy } from '../../gradients/losses.ts';
import { GraphBuilder } from '../../onnx/builder.ts';
import type { ImageShape } from '../../image/image.ts';
import type { Graph } from '../../onnx/graph.ts';
import type { Device, Runtime, Session } from '../../runtime/runtime.ts';
import type { NetworkState, Trainable } from '../network/trainable.ts';
import { openFastest } from './fastest.ts';
import { floatsOf, layoutFeeds, openGraph, rowsTensor } from './session.ts';

/** Rows that go through the network together: enough to fill two cores, few enough to stay in the caches. */
const ROWS = 128;
/** Pixels of a channel in all these rows; memory follows them: 20 rows of 224×224. */
const PIXELS = 2 ** 20;

/** Rows of images of this shape that go through the network together. */
function rowsTogether({ height, width }: ImageShape): number {
  return Math.max(1, Math.min(ROWS, Math.floor(PIXELS / (height * width))));
}

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
export async function openGradientSession(
  network: Trainable,
  runtime: Runtime,
  threads: number,
): Promise<GradientSession> {
  const { graph, gradients } = gradientGraph(network);
  // The loss is of no use.
  const output = gradients.get('input') as string;
  const outputs = graph.outputs.filter(({ name }) => name === output);
  return { session: await openFastest({ ...graph, outputs }, rowsTogether(network.shape), runtime, threads), output };
}

export interface GradientSession {
  readonly session: Session;
  /** Name of the output with the gradient by the pixels. */
  readonly output: string;
}

/** `input`, `targets`, parameters and running statistics → gradient of the summed cross-entropy by the pixels. */
export function gradientGraph(network: Trainable): Differentiated {
  const b = new GraphBuilder('pixel-gradient');
  const { logits } = network.forward(b, { kind: 'frozen' });
  const targets = b.input('targets', 'float32', ['batch', network.classes]);
  b.outputAs('loss', totalCrossEntropy(b, logits, targets), 'float32', []);
  return differentiateByMeaning(b.build(), { output: 'loss', by: ['input'] });
}

/**
 * Opens the network with its present weights as constants, which lets ONNX Runtime fold and reorder them: the new
 * session costs a fraction of the first batch.
 * @param gradient needed for `gradients` alone
 * @param frozen a session that serves in place of a new one, where that is dear
 */
export async function freeze(
  network: Trainable,
  state: NetworkState,
  runtime: Runtime,
  threads: number,
  gradient?: GradientSession,
  frozen?: FrozenSession,
): Promise<FrozenModel> {
  const session = frozen === undefined ? await openGraph(network.inferenceGraph(state), runtime, threads) : undefined;
  const { shape, classes } = network;
  const dims = [shape.channels, shape.height, shape.width];
  const size = dims[0] * dims[1] * dims[2];
  return {
    logits: (images, rows) =>
      session === undefined
        ? (frozen as FrozenSession).logits(state, images, rows)
        : inParts(images, rows, { together: rowsTogether(shape) }, dims, classes, async (input) =>
            floatsOf((await session.run({ input })).logits),
          ),
    async gradients(images, targets, rows) {
      if (gradient === undefined) throw new Error('internal: no session for gradients');
      const byInput = new Float32Array(images.length);
      const constant = {
        ...layoutFeeds(network.layout, state.parameters),
        ...layoutFeeds(network.statistics, state.statistics),
      };
      const together = rowsTogether(shape);
      for (let start = 0; start < rows; start += together) {
        const end = Math.min(rows, start + together);
        const feeds = {
          ...constant,
          input: rowsTensor(filled(images.subarray(start * size, end * size), together * size), together, dims),
          targets: rowsTensor(filled(targets.subarray(start * classes, end * classes), together * classes), together, [
            classes,
          ]),
        };
        const results = await gradient.session.run(feeds, [gradient.output]);
        byInput.set(floatsOf(results[gradient.output]).subarray(0, (end - start) * size), start * size);
      }
      return { byInput };
    },
    release: async () => session?.release(),
  };
}

/** `input`, parameters and running statistics → `logits`. */
export function frozenGraph(network: Trainable): Graph {
  const b = new GraphBuilder('frozen');
  b.outputAs('logits', network.forward(b, { kind: 'frozen' }).logits, 'float32', ['batch', network.classes]);
  return b.build();
}

/**
 * Values in dense layers from which on a new session is dear: a constant is written, read and packed for the product
 * anew, and unlike a convolution's each is used once an image. (Measured with 128 images at a time, 1,280 in all: the
 * MNIST net with
 * 3.2 million such values takes 216 ms with new sessions and 171 ms with one; the residual networks have a thousand and
 * are slower so.)
 */
const MANY_DENSE_VALUES = 2 ** 20;

/** Whether `FrozenSession` is faster on the CPU than a new session for each moment of training. */
export function isNewSessionDear({ parameters }: Trainable): boolean {
  const dense = parameters.filter(({ dims }) => dims.length === 2);
  return dense.reduce((sum, { dims: [outputs, inputs] }) => sum + outputs * inputs, 0) >= MANY_DENSE_VALUES;
}

/** The network in inference mode where a new session is dear: one takes the weights of each moment as inputs. */
export class FrozenSession {
  readonly #network: Trainable;
  readonly #session: Session;
  readonly #portion: Portion;

  private constructor(network: Trainable, session: Session, portion: Portion) {
    this.#network = network;
    this.#session = session;
    this.#portion = portion;
  }

  static async open(network: Trainable, runtime: Runtime, threads: number, device: Device): Promise<FrozenSession> {
    const graph = frozenGraph(network);
    const together = rowsTogether(network.shape);
    return device === 'cpu'
      ? new FrozenSession(network, await openFastest(graph, together, runtime, threads), { together, always: true })
      : new FrozenSession(network, await openGraph(graph, runtime, threads, device), { together: DEVICE_ROWS });
  }

  /** @param images [rows, CHW] @returns [rows, classes] */
  logits({ parameters, statistics }: NetworkState, images: Float32Array, rows: number): Promise<Float32Array> {
    const { shape, classes, layout, statistics: statisticsLayout } = this.#network;
    const weights = { ...layoutFeeds(layout, parameters), ...layoutFeeds(statisticsLayout, statistics) };
    return inParts(images, rows, this.#portion, [shape.channels, shape.height, shape.width], classes, async (input) =>
      floatsOf((await this.#session.run({ ...weights, input })).logits),
    );
  }

  release(): Promise<void> {
    return this.#session.release();
  }
}

/** Images that go through a session in one run. */
interface Portion {
  /** At most. */
  readonly together: number;
  /** Never fewer: the rest is filled up. */
  readonly always?: boolean;
}

/** Puts images through `run` so many rows at a time. */
async function inParts(
  images: Float32Array,
  rows: number,
  { together, always }: Portion,
  dims: readonly number[],
  classes: number,
  run: (input: Tensor) => Promise<Float32Array>,
): Promise<Float32Array> {
  const size = dims[0] * dims[1] * dims[2];
  const all = new Float32Array(rows * classes);
  for (let start = 0; start < rows; start += together) {
    const end = Math.min(rows, start + together);
    const own = images.subarray(start * size, end * size);
    const part = always ? rowsTensor(filled(own, together * size), together, dims) : rowsTensor(own, end - start, dims);
    all.set((await run(part)).subarray(0, (end - start) * classes), start * classes);
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
