import { misuse } from '../errors/error.ts';
import { optionWords } from '../errors/option-words.ts';
import { imageSize } from '../image/image.ts';
import type { Classifier } from '../model/classifier.ts';
import { usualBatch } from '../model/batch-size.ts';
import { wholeBatches } from '../model/input-batch.ts';
import { fillsUp } from '../model/run-size.ts';
import type { ModelInput } from '../model/description.ts';
import type { PreparedModel } from '../model/prepared-model.ts';
import { tiledForm } from '../model/tiled-form.ts';
import { byteLength } from '../runtime/model-file.ts';
import type { Device, Runtime } from '../runtime/runtime.ts';
import { createWarp, DEFAULT_WARP, type WarpSettings } from '../transform/warp.ts';
import type { WorkerSetup } from './messages.ts';
import { type StartJobWorker, WorkerPool } from './pool.ts';
import { pooledClassifier } from './pooled-classifier.ts';
import { onSharedMemory } from './shared-memory.ts';

/** How a classifier is started: how images are warped, and on what it runs. */
export interface StartOptions {
  /** Default: zeros, gimbal. */
  readonly warp?: WarpSettings;
  /**
   * Worker threads, each with a session of one thread; of a large model one session, which uses as many. Default: one
   * for each core. On WebGPU there is one worker.
   */
  readonly threads?: number;
  /**
   * Images in one run. Default: by the size of the images and the device. A model that fixes the number is run in that.
   */
  readonly batch?: number;
  /** Default: cpu. */
  readonly device?: Device;
  /**
   * Ends it: what is asked of it then and later rejects with the signal's reason, also inside of a run that never ends.
   */
  readonly signal?: AbortSignal;
}

/** What the platform gives a classifier to run on. */
export interface WorkerHost {
  /** Threads that run at once. */
  readonly cores: number;
  readonly startWorker: StartJobWorker;
  /** Whether models are run with wide convolutions as products of matrices (`tiledForm`), which is faster natively. */
  readonly tiles: boolean;
  /**
   * Does work with a runtime that leaves the calling thread free, for however long a model keeps it.
   * @throws the signal's reason, whatever the work throws
   */
  withRuntime<T>(signal: AbortSignal | undefined, work: (runtime: Runtime) => Promise<T>): Promise<T>;
  /**
   * Bytes of a model from which on there is one session on all threads, in place of one for each: every session holds
   * a copy of the weights. Default: 256 MiB.
   */
  readonly largeFrom?: number;
}

const LARGE_MODEL = 2 ** 28;

/**
 * Starts a classifier: workers that warp, preprocess and run the model, each on its core. No result depends on their
 * number.
 *
 * @throws misuse where the device is missing here, or the options do not fit
 */
export async function startClassifierOn(
  { cores, startWorker, tiles, withRuntime, largeFrom = LARGE_MODEL }: WorkerHost,
  prepared: PreparedModel,
  options: StartOptions = {},
): Promise<Classifier> {
  const { warp = DEFAULT_WARP, device = 'cpu', signal } = options;
  const { description, preprocessing } = prepared;
  const { shape } = description.input;
  createWarp(shape, warp); // Throws here rather than in the workers.
  const threads = Math.min(positive(optionWords('threads'), options.threads ?? cores), THREADS_PER_CORE * cores);
  const batch = batchOf(description.input, options);
  requireMemory(batch, imageSize(shape));
  const tiled =
    tiles && device === 'cpu' ? await withRuntime(signal, (runtime) => tiledForm(runtime, prepared, batch)) : undefined;
  const file = tiled?.bytes ?? prepared.bytes;
  const isLarge = byteLength(file) >= largeFrom;
  const inner = isLarge && device === 'cpu' ? threads : 1;
  const setup: WorkerSetup = {
    model: onSharedMemory(file),
    description,
    preprocessing,
    shape,
    warp,
    batch,
    // Products with fewer rows than threads may be summed in another order.
    fewest: Math.max(tiled?.fewest ?? 1, inner > 1 ? 2 * inner : 1),
    device,
    threads: inner,
    isLarge,
  };
  const pool = new WorkerPool(startWorker, setup, device === 'webgpu' || isLarge ? 1 : threads, signal);
  const classifier = pooledClassifier(pool, prepared, batch, filledBatch(description.input, options));
  try {
    await classifier.warmUp();
  } catch (error) {
    await pool.close();
    throw error;
  }
  return classifier;
}

/** Images in one run, as asked for or by the size of the images and the device. */
function batchOf(input: ModelInput, { batch, device = 'cpu' }: Pick<StartOptions, 'batch' | 'device'>): number {
  return wholeBatches(positive(optionWords('batch'), batch ?? defaultBatch(input.dims, device)), input);
}

/** The batch that runs are filled up to, on a device that does so; see `Classifier.filled`. */
export function filledBatch(input: ModelInput, options: Pick<StartOptions, 'batch' | 'device'>): number | undefined {
  return fillsUp(options.device) ? batchOf(input, options) : undefined;
}

/** A GPU takes four times as many images as a CPU, to be filled. */
function defaultBatch(dims: readonly number[], device: Device): number {
  return device === 'cpu' ? usualBatch(dims) : 4 * usualBatch(dims);
}

function positive(subject: string, value: number): number {
  if (Number.isInteger(value) && value >= 1) return value;
  throw misuse({
    code: 'not-a-count',
    subject,
    problem: `is ${value}; it must be a whole number of at least 1.`,
    advice: 'Leave it out to have it chosen.',
  });
}

/** Inputs alone may take so much of each worker's memory, in bytes; what a model makes of them is many times more. */
const LARGEST_INPUT = 2 ** 28;

/** More threads than that gain nothing, and each holds a session. */
const THREADS_PER_CORE = 4;

function requireMemory(batch: number, values: number): void {
  const most = Math.max(1, Math.floor(LARGEST_INPUT / (4 * values)));
  if (batch <= most) return;
  throw misuse({
    code: 'batch-too-large',
    subject: optionWords('batch'),
    problem: `is ${batch}; of images with ${values} values, 1 to ${most} fit into one run.`,
    advice: 'Leave it out to have it chosen: large batches are no faster.',
  });
}
