import type { Classifier } from '../model/classifier.ts';
import type { PreparedModel } from '../model/prepared-model.ts';
import { type StartOptions, startClassifierOn } from '../workers/start-classifier.ts';
import { cores } from './cores.ts';
import type { WasmFiles } from './onnxruntime.ts';
import { webRuntime } from './runtime.ts';
import { workersWith } from './start-worker.ts';

/**
 * Starts a classifier on Web Workers; see `startClassifierOn`.
 * @param wasm addresses of ONNX Runtime's WebAssembly
 */
export function startClassifier(prepared: PreparedModel, wasm: WasmFiles, options: StartOptions): Promise<Classifier> {
  const host = {
    cores: cores(),
    startWorker: workersWith(wasm),
    tiles: false,
    withRuntime: <T>(_: AbortSignal | undefined, work: (runtime: typeof webRuntime) => Promise<T>) => work(webRuntime),
  };
  return startClassifierOn(host, prepared, options);
}
