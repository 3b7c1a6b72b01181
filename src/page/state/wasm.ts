import url from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';

/** Address of ONNX Runtime's WebAssembly. */
export const WASM = new URL(url, document.baseURI).href;
