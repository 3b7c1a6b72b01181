/** What a worker's own thread has, of which the types of DOM know nothing. */
export interface WorkerScope<Received, Sent> {
  onmessage: ((event: { readonly data: Received }) => void) | null;
  postMessage(message: Sent, transferred?: Transferable[]): void;
  close(): void;
}

export function workerScope<Received, Sent>(): WorkerScope<Received, Sent> {
  return globalThis as unknown as WorkerScope<Received, Sent>;
}
