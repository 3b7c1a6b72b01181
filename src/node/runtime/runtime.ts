import type { Tensor as CommonTensor } from 'onnxruntime-common';
import { env, InferenceSession, listSupportedBackends, requireSilence, Tensor } from './onnxruntime.ts';
import { misuse } from '../../errors/error.ts';
import { optionWords } from '../../errors/option-words.ts';
import { GraphBuilder } from '../../onnx/builder.ts';
import { writeModel } from '../../onnx/write.ts';
import type { ModelFile } from '../../runtime/model-file.ts';
import {
  DEVICES,
  type Device,
  isRuntimeFault,
  type Runtime,
  runtimeFault,
  type Session,
  type SessionOptions,
} from '../../runtime/runtime.ts';

env.logLevel = 'fatal';

/**
 * Memory patterns make runs no faster and resident memory nearly twice as large; what goes wrong is thrown and need not
 * be printed too. A session's threads that go on spinning after a run take their cores from the session that runs next:
 * with them a step of worst-of-k training, which runs two sessions in turn, takes 1.2 times as long. Pad_Fusion turns
 * zeros around an image into the frame of the MaxPool behind it, which counts as −∞: where a window is negative,
 * another number comes out (ONNX Runtime 1.30).
 */
const extra = {
  session: { force_spinning_stop: '1' },
  optimization: { disable_specified_optimizers: 'Pad_Fusion' },
};
const BASE_OPTIONS: InferenceSession.SessionOptions = {
  enableMemPattern: false,
  logSeverityLevel: 4,
  interOpNumThreads: 1,
  extra,
};

const known = new Map<Device, Promise<string | undefined>>();

/** ONNX Runtime for Node. */
export const nodeRuntime: Runtime = {
  async devices() {
    const found = await Promise.all(
      DEVICES.map(async (device) => ((await faultOf(device)) === undefined ? device : undefined)),
    );
    return found.filter((device) => device !== undefined);
  },

  async createSession(model, { device = 'cpu', ...options }: SessionOptions = {}) {
    await requireDevice(device);
    return wrap(await open(model, device, options));
  },
};

async function open(
  model: ModelFile,
  device: Device,
  { threads = 1, prepacking = true }: Omit<SessionOptions, 'device'> = {},
): Promise<InferenceSession> {
  requireSilence();
  const { bytes, weights } = model instanceof Uint8Array ? { bytes: model, weights: undefined } : model;
  // The binding takes shared memory for weights, but not for the file itself.
  const own = bytes.buffer instanceof ArrayBuffer ? bytes : new Uint8Array(bytes);
  return byRuntime(
    InferenceSession.create(own, {
      ...BASE_OPTIONS,
      ...(!prepacking && { extra: { ...extra, session: { ...extra.session, disable_prepacking: '1' } } }),
      intraOpNumThreads: threads,
      executionProviders: [device],
      ...(weights && { externalData: [...weights].map(([path, data]) => ({ path, data })) }),
    }),
  );
}

/** Errors of the library's own checks of its arguments are a fault of ours, not of the model. */
async function byRuntime<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof TypeError ? error : runtimeFault(error);
  }
}

function wrap(session: InferenceSession): Session {
  return {
    inputNames: session.inputNames,
    outputNames: session.outputNames,
    run: async (feeds, fetches) => {
      const outputs = await byRuntime(
        fetches === undefined
          ? session.run(feeds)
          : session.run(feeds, isList(fetches) ? fetches : ofThisModule(fetches)),
      );
      return outputs as Awaited<ReturnType<Session['run']>>;
    },
    release: () => session.release(),
  };
}

function isList(fetches: readonly string[] | Readonly<Record<string, CommonTensor>>): fetches is readonly string[] {
  return Array.isArray(fetches);
}

/**
 * The same memory in tensors of the module that onnxruntime-node loads; it takes no notice of those of another copy of
 * onnxruntime-common.
 */
function ofThisModule(tensors: Readonly<Record<string, CommonTensor>>): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, { type, data, dims }]) => [name, new Tensor(type, data, dims)]),
  );
}

async function requireDevice(device: Device): Promise<void> {
  const fault = await faultOf(device);
  if (fault === undefined) return;
  const present = await nodeRuntime.devices();
  throw misuse({
    code: 'no-such-device',
    subject: optionWords('device'),
    problem: `is ${device}, which cannot be used on this machine: ${fault}.`,
    advice: `Usable here: ${present.join(', ')}.`,
  });
}

/** Why a device cannot be used here; undefined where it can. Found out once, by making a tiny session. */
function faultOf(device: Device): Promise<string | undefined> {
  const fault = known.get(device) ?? tryDevice(device);
  known.set(device, fault);
  return fault;
}

async function tryDevice(device: Device): Promise<string | undefined> {
  if (device === 'cpu') return undefined;
  if (!listSupportedBackends().some(({ name }) => name === device))
    return 'this build of ONNX Runtime does not know it';
  try {
    await (await open(tinyModel(), device)).release();
    return undefined;
  } catch (error) {
    if (!isRuntimeFault(error)) throw error;
    return error.issue.problem.replace(/\.$/, '');
  }
}

function tinyModel(): Uint8Array {
  const b = new GraphBuilder('tiny');
  b.output(b.op('Relu', [b.input('x', 'float32', [1])]), 'float32', [1]);
  return writeModel({
    irVersion: 8,
    opsets: new Map([['', 13]]),
    producer: 'gimbal',
    metadata: new Map(),
    graph: b.build(),
  });
}
