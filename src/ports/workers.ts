/** Work in another thread, at the other end of a channel of messages: a worker of Node, a Web Worker. */
export interface WorkerPort<Sent> {
  post(message: Sent): void;
  /** An idle worker does not keep the program alive; one at work does. */
  setBusy(busy: boolean): void;
  /** Waits so many milliseconds for the worker to leave, then ends it; one that cannot be ended is left to itself. */
  leave(patience: number): Promise<void>;
}

/** What comes from a worker. */
interface WorkerListener<Received> {
  message(message: Received): void;
  /** It threw, or ended without being asked to. */
  fault(error: Error): void;
}

/** Starts a worker with what it is to know; messages are copied on the way, shared memory is shared. */
export type StartWorker<Setup, Sent, Received> = (setup: Setup, listener: WorkerListener<Received>) => WorkerPort<Sent>;
