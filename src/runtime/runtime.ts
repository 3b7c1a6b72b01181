import type { Tensor } from 'onnxruntime-common';
import { failure, GimbalError } from '../errors/error.ts';
import type { ModelFile } from './model-file.ts';

/** Where graphs run. */
export const DEVICES = ['cpu', 'webgpu', 'cuda'] as const;
/** One of `DEVICES`: where graphs run. */
export type Device = (typeof DEVICES)[number];

/** Where and how a graph is run. */
export interface SessionOptions {
  readonly device?: Device;
  /** Threads inside one operator. */
  readonly threads?: number;
  /**
   * Whether weights are kept in the order in which products read them. A weight that several operators read in
   * different orders, as in a differentiated graph, is held once for each. Default: true.
   */
  readonly prepacking?: boolean;
}

/** A loaded graph. Tensors are those of onnxruntime-common, which Node and the browser share. */
export interface Session {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /**
   * @param fetches which outputs, all if left out; or a tensor for each, whose memory takes the result
   * @throws a `runtimeFault` where the graph does not run on what it is fed
   */
  run(
    feeds: Readonly<Record<string, Tensor>>,
    fetches?: readonly string[] | Readonly<Record<string, Tensor>>,
  ): Promise<Record<string, Tensor>>;
  release(): Promise<void>;
}

/** ONNX Runtime, handed in from the edge: onnxruntime-node or onnxruntime-web. */
export interface Runtime {
  /** Devices that work on this machine: each was tried. */
  devices(): Promise<readonly Device[]>;
  /**
   * @param model an ONNX file; its memory must not change as long as the session is used
   * @throws misuse `no-such-device` where the machine lacks the device; a `runtimeFault` where the file is refused
   */
  createSession(model: ModelFile, options?: SessionOptions): Promise<Session>;
}

const RUNTIME_FAULT = 'runtime-fault';

/**
 * What ONNX Runtime says of a model. Only these errors may be taken for a property of the model: any other that is
 * thrown while a model is tried is a fault of ours and goes its way.
 */
export function runtimeFault(error: unknown): GimbalError {
  const message = (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ').replace(/[. ]+$/, '');
  return failure(
    {
      code: RUNTIME_FAULT,
      subject: 'ONNX Runtime',
      problem: `${message}.`,
      advice: 'Check the model, or export it anew.',
    },
    { cause: error },
  );
}

export function isRuntimeFault(error: unknown): error is GimbalError {
  return error instanceof GimbalError && error.issue.code === RUNTIME_FAULT;
}
