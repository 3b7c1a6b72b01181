import type { StartJobWorker } from '../workers/pool.ts';
import type { JobWorkerStart } from './job-worker.ts';
import type { WasmFiles } from './onnxruntime.ts';

/** Starts a Web Worker that answers a classifier's jobs. @param wasm addresses of ONNX Runtime's WebAssembly */
export function workersWith(wasm: WasmFiles): StartJobWorker {
  return (setup, listener) => {
    const worker = new Worker(new URL('./job-worker.ts', import.meta.url), { type: 'module' });
    worker.onmessage = ({ data }) => listener.message(data);
    worker.onmessageerror = () => listener.fault(new Error('a message could not be read'));
    worker.onerror = ({ message }) => listener.fault(new Error(message ?? 'its script could not be loaded'));
    worker.postMessage({ setup, wasm } satisfies JobWorkerStart);
    return {
      post: (message) => worker.postMessage(message),
      setBusy: () => undefined,
      // A browser tells of no worker's end; what it was at is of no use to anyone any more.
      leave: () => {
        worker.terminate();
        return Promise.resolve();
      },
    };
  };
}
