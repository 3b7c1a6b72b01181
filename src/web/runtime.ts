import { InferenceSession } from './onnxruntime.ts';
import { misuse } from '../errors/error.ts';
import type { ModelFile } from '../runtime/model-file.ts';
import { type Runtime, runtimeFault, type Session } from '../runtime/runtime.ts';

/** As on Node (`src/node/runtime/runtime.ts`), where the reasons stand. */
const OPTIONS: InferenceSession.SessionOptions = {
  executionProviders: ['wasm'],
  enableMemPattern: false,
  logSeverityLevel: 4,
  extra: { optimization: { disable_specified_optimizers: 'Pad_Fusion' } },
};

/** ONNX Runtime for browsers, on the calling thread. */
export const webRuntime: Runtime = {
  devices: () => Promise.resolve(['cpu']),
  async createSession(model, { device = 'cpu' } = {}) {
    if (device !== 'cpu')
      throw misuse({
        code: 'no-such-device',
        subject: 'device',
        problem: `is ${device}; in a browser models run on the CPU.`,
        advice: 'gimbal evaluate --device runs models elsewhere.',
      });
    return wrap(await open(model));
  },
};

async function open(model: ModelFile): Promise<InferenceSession> {
  const { bytes, weights } = model instanceof Uint8Array ? { bytes: model, weights: undefined } : model;
  return byRuntime(
    InferenceSession.create(bytes as Uint8Array<ArrayBuffer>, {
      ...OPTIONS,
      ...(weights && { externalData: [...weights].map(([path, data]) => ({ path, data })) }),
    }),
  );
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
