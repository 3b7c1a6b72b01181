import cpu from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import webgpu from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url';
import type { WasmFiles } from './onnxruntime.ts';

/** Addresses of ONNX Runtime's WebAssembly. That for WebGPU is fetched where there is an adapter, and only there. */
export const WASM: WasmFiles = {
  cpu: new URL(cpu, import.meta.url).href,
  webgpu: new URL(webgpu, import.meta.url).href,
};
