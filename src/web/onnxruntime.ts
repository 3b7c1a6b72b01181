/**
 * The one module that loads onnxruntime-web: its build for WebAssembly alone. It asks for nothing but its `.wasm` file,
 * at the address that `locateWasm` names.
 */
import { env } from 'onnxruntime-web/wasm';

env.logLevel = 'fatal';
// Each worker has a session of its own, on its own thread; see `src/workers/`.
env.wasm.numThreads = 1;

/** To be called before a session is made. @param url of `ort-wasm-simd-threaded.wasm` */
export function locateWasm(url: string): void {
  env.wasm.wasmPaths = { wasm: url };
}

export { InferenceSession } from 'onnxruntime-web/wasm';
