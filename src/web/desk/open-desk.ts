import type { Classifier, TrialRequest } from '../../model/classifier.ts';
import { createEngine, type Engine } from '../../model/engine.ts';
import type { PreparedModel } from '../../model/prepared-model.ts';
import { type Device, isRuntimeFault } from '../../runtime/runtime.ts';
import { createWarp, type WarpSettings } from '../../transform/warp.ts';
import type { WasmFiles } from '../onnxruntime.ts';
import { webRuntime } from '../runtime.ts';
import { startClassifier } from '../start-classifier.ts';
import { accelerate, type Accelerated } from './accelerate.ts';
import type { Computing } from './messages.ts';

/** A model that was read, with what answers for it: on this thread one picture at a time, on workers many. */
export class OpenDesk {
  readonly prepared: PreparedModel;
  readonly warp: WarpSettings;
  readonly wasm: WasmFiles;
  readonly #onCpu: Engine;
  #accelerated: Promise<Accelerated> | undefined;
  /** The one on the GPU, once it is there and as long as it works. */
  #onGpu: Engine | undefined;
  #classifier: Promise<Classifier> | undefined;
  /** Resolves when a first picture was answered. */
  readonly #begun: Promise<void>;
  #begin: () => void = () => undefined;
  /** The engine's buffers are used anew by each run. */
  #last: Promise<unknown> = Promise.resolve();

  private constructor(prepared: PreparedModel, warp: WarpSettings, wasm: WasmFiles, onCpu: Engine) {
    this.prepared = prepared;
    this.warp = warp;
    this.wasm = wasm;
    this.#onCpu = onCpu;
    this.#begun = new Promise((resolve) => (this.#begin = resolve));
  }

  static async on(prepared: PreparedModel, warp: WarpSettings, wasm: WasmFiles): Promise<OpenDesk> {
    return new OpenDesk(prepared, warp, wasm, await engineOn('cpu', prepared, warp));
  }

  /** Goes over to the GPU, if that is well. The first picture does not wait for it. */
  async accelerate(software: boolean): Promise<Computing> {
    this.#accelerated ??= accelerate(
      { logits: (request) => this.#oneAtATime(() => this.#onCpu.logits(request)) },
      this.prepared.description.input.shape,
      async () => {
        await this.#begun;
        return engineOn('webgpu', this.prepared, this.warp);
      },
      { software },
    ).then((accelerated) => {
      this.#onGpu = accelerated.engine;
      return accelerated;
    });
    const { computing } = await this.#accelerated;
    return computing;
  }

  /** One trial's scores, for the picture that is being moved. @param onFall is told where the GPU no longer computes */
  async scores(request: TrialRequest, onFall: (computing: Computing) => void): Promise<Float32Array> {
    const ask = (): Promise<Float32Array> => this.#oneAtATime(() => (this.#onGpu ?? this.#onCpu).logits(request));
    try {
      return await ask().catch((error: unknown) => {
        this.#standDown(error, onFall);
        return ask();
      });
    } finally {
      this.#begin();
    }
  }

  /** After a fault of the GPU, which may be taken away or lost, WebAssembly goes on. @throws any other error */
  #standDown(error: unknown, onFall: (computing: Computing) => void): void {
    if (this.#onGpu === undefined || !isRuntimeFault(error)) throw error;
    this.#onGpu = undefined;
    this.#classifier = undefined;
    onFall({ on: 'wasm', reason: `WebGPU failed: ${error.issue.problem}` });
  }

  #oneAtATime(work: () => Promise<Float32Array>): Promise<Float32Array> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }

  /**
   * Does work that asks many at once; what answers is started when first needed.
   * @param threads workers, where the CPU computes
   */
  async withClassifier<T>(
    threads: number,
    onFall: (computing: Computing) => void,
    work: (classifier: Classifier) => Promise<T>,
  ): Promise<T> {
    const done = async (): Promise<T> => work(await (this.#classifier ??= this.#start(threads)));
    return done().catch((error: unknown) => {
      this.#standDown(error, onFall);
      return done();
    });
  }

  async #start(threads: number): Promise<Classifier> {
    await this.#accelerated;
    const options = { warp: this.warp, threads };
    const onCpu = (): Promise<Classifier> => startClassifier(this.prepared, this.wasm, options);
    if (this.#onGpu === undefined) return onCpu();
    return startClassifier(this.prepared, this.wasm, { ...options, device: 'webgpu' }).catch(onCpu);
  }
}

async function engineOn(device: Device, prepared: PreparedModel, warp: WarpSettings): Promise<Engine> {
  const { bytes, description, preprocessing } = prepared;
  return createEngine({
    session: await webRuntime.createSession(bytes, { device }),
    description,
    preprocessing,
    warp: createWarp(description.input.shape, warp),
    batch: 1,
  });
}
