import type { Tensor } from 'onnxruntime-common';
import type { ModelFile } from './model-file.ts';

/** Where graphs run. */
export const DEVICES = ['cpu', 'webgpu', 'cuda'] as const;
export type Device = (typeof DEVICES)[number];

export interface SessionOptions {
  readonly device?: Device;
  /** Threads inside one operator. */
  readonly threads?: number;
}

/** A loaded graph. Tensors are those of onnxruntime-common, which Node and the browser share. */
export interface Session {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /** @param fetches which outputs, all if left out; or a tensor for each, whose memory takes the result */
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
   * @throws misuse `no-such-device` where the machine lacks the device
   */
  createSession(model: ModelFile, options?: SessionOptions): Promise<Session>;
}
