import type { InferenceSession } from 'onnxruntime-web/wasm';
import { misuse } from '../errors/error.ts';
import type { ModelFile } from '../runtime/model-file.ts';
import { type Device, type Runtime, runtimeFault, type Session } from '../runtime/runtime.ts';
import { findAdapter } from './adapter.ts';
import { onCpu, onWebGpu } from './onnxruntime.ts';

/** As on Node (`src/node/runtime/runtime.ts`), where the reasons stand. */
const OPTIONS: InferenceSession.SessionOptions = {
  enableMemPattern: false,
  logSeverityLevel: 4,
  extra: { optimization: { disable_specified_optimizers: 'Pad_Fusion' } },
};

/** ONNX Runtime for browsers, on the calling thread: as WebAssembly, or on a GPU through WebGPU. */
export const webRuntime: Runtime = {
  devices: async () => ((await findAdapter()) === undefined ? ['cpu'] : ['cpu', 'webgpu']),
  async createSession(model, { device = 'cpu' } = {}) {
    if (device === 'cuda' || (device === 'webgpu' && (await findAdapter()) === undefined)) throw noSuchDevice(device);
    return wrap(await open(model, device));
  },
};

async function open(model: ModelFile, device: Device): Promise<InferenceSession> {
  const { bytes, weights } = model instanceof Uint8Array ? { bytes: model, weights: undefined } : model;
  const make = async (): Promise<InferenceSession> =>
    (device === 'webgpu' ? await onWebGpu() : onCpu).create(bytes as Uint8Array<ArrayBuffer>, {
      ...OPTIONS,
      executionProviders: [device === 'webgpu' ? 'webgpu' : 'wasm'],
      ...(weights && { externalData: [...weights].map(([path, data]) => ({ path, data })) }),
    });
  return byRuntime(make());
}

function noSuchDevice(device: Device): Error {
  return misuse({
    code: 'no-such-device',
    subject: 'device',
    problem:
      `is ${device}; ` +
      `${device === 'webgpu' ? 'this browser offers no WebGPU adapter' : 'a browser has cpu and webgpu'}.`,
    advice: 'Leave it out to run models on the CPU, or use the command gimbal evaluate.',
  });
}

function wrap(session: InferenceSession): Session {
  return {
    inputNames: session.inputNames,
    outputNames: session.outputNames,
    run: (feeds, fetches) => {
      // ONNX Runtime copies results into memory that it was given on Node alone.
      if (fetches !== undefined && !Array.isArray(fetches))
        throw new Error('internal: outputs are fetched by name in a browser');
      return byRuntime(fetches === undefined ? session.run(feeds) : session.run(feeds, fetches as readonly string[]));
    },
    release: () => session.release(),
  };
}

/** Errors of the library's own checks of its arguments are a fault of ours, not of the model. */
async function byRuntime<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof TypeError ? error : runtimeFault(error);
  }
}
