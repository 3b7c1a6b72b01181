import type { Tensor } from 'onnxruntime-common';

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
   * @param model the bytes of an ONNX file
   * @throws misuse `no-such-device` where the machine lacks the device
   */
  createSession(model: Uint8Array, options?: SessionOptions): Promise<Session>;
}
