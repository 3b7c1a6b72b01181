/**
 * The one module that loads onnxruntime-web: its build for WebAssembly alone at once, the one for WebGPU when it is
 * asked for. Each asks for nothing but its `.wasm` file, at the address that `locateWasm` names.
 */
import type { InferenceSession as Sessions } from 'onnxruntime-common';
import { env, InferenceSession } from 'onnxruntime-web/wasm';

/** Addresses of ONNX Runtime's WebAssembly. */
export interface WasmFiles {
  /** `ort-wasm-simd-threaded.wasm` */
  readonly cpu: string;
  /** `ort-wasm-simd-threaded.asyncify.wasm`, which drives WebGPU. Without it models run on the CPU. */
  readonly webgpu?: string;
}

let files: WasmFiles | undefined;

/** To be called before a session is made. */
export function locateWasm(given: WasmFiles): void {
  files = given;
  prepare(env, given.cpu);
}

// Types of onnxruntime-common, which is there wherever the package is; onnxruntime-web is bundled into it.
/** Makes sessions on the CPU. */
export const onCpu: typeof Sessions = InferenceSession;

/** Loads what makes sessions on WebGPU. */
export async function onWebGpu(): Promise<typeof Sessions> {
  if (files?.webgpu === undefined) throw new Error('the page has no build of ONNX Runtime for WebGPU');
  const loaded = await import('onnxruntime-web/webgpu');
  prepare(loaded.env, files.webgpu);
  return loaded.InferenceSession;
}

function prepare(of: typeof env, url: string): void {
  of.logLevel = 'fatal';
  // Each worker has a session of its own, on its own thread; see `src/workers/`.
  of.wasm.numThreads = 1;
  of.wasm.wasmPaths = { wasm: url };
}
