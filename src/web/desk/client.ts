import { failure } from '../../errors/error.ts';
import { fromTransport } from '../../workers/transported-error.ts';
import type { CallName, DeskCalls, DeskReply, DeskRequest } from './messages.ts';

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
  readonly told?: (told: unknown) => void;
}

interface CallOptions<K extends CallName> {
  readonly onTold?: (told: DeskCalls[K]['told']) => void;
  /** The call then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** The page's end of a model's Web Worker. */
export class Desk {
  readonly #worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
  readonly #waiting = new Map<number, Waiting>();
  #fault: Error | undefined;
  #nextId = 0;

  constructor() {
    this.#worker.onmessage = ({ data }: MessageEvent<DeskReply>) => this.#receive(data);
    this.#worker.onerror = ({ message }) =>
      this.#end(
        failure({
          code: 'worker-crashed',
          subject: 'the model',
          problem: `its worker ended early: ${message ?? 'its script could not be loaded'}.`,
          advice: 'Load the page anew; if memory ran out, close other pages.',
        }),
      );
  }

  /** @throws what the worker throws; the signal's reason; once it is closed an error of that */
  call<K extends CallName>(
    call: K,
    given: DeskCalls[K]['given'],
    { onTold, signal }: CallOptions<K> = {},
  ): Promise<DeskCalls[K]['result']> {
    if (this.#fault !== undefined) return Promise.reject(this.#fault);
    if (signal?.aborted) return Promise.reject(signal.reason as Error);
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        this.#worker.postMessage({ stop: id } satisfies DeskRequest);
        this.#waiting.delete(id);
        reject(signal!.reason);
      };
      signal?.addEventListener('abort', stop, { once: true });
      const settled = (work: () => void): void => {
        signal?.removeEventListener('abort', stop);
        work();
      };
      this.#waiting.set(id, {
        resolve: (result) => settled(() => resolve(result as DeskCalls[K]['result'])),
        reject: (error) => settled(() => reject(error)),
        told: onTold as ((told: unknown) => void) | undefined,
      });
      this.#worker.postMessage({ id, call, given } as DeskRequest);
    });
  }

  #receive(reply: DeskReply): void {
    const waiting = this.#waiting.get(reply.id);
    if (waiting === undefined) return;
    if ('told' in reply) return waiting.told?.(reply.told);
    this.#waiting.delete(reply.id);
    if ('result' in reply) waiting.resolve(reply.result);
    else if ('error' in reply) waiting.reject(fromTransport(reply.error));
  }

  #end(fault: Error): void {
    this.#fault ??= fault;
    this.#worker.terminate();
    for (const { reject } of this.#waiting.values()) reject(fault);
    this.#waiting.clear();
  }

  close(): void {
    this.#end(failure({ code: 'desk-closed', subject: 'the model', problem: 'was taken off the page.' }));
  }
}
