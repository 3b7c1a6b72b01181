import { failure } from '../errors/error.ts';
import { optionWords } from '../errors/option-words.ts';
import type { StartWorker } from '../ports/workers.ts';
import type { Job, Message, WorkerReply, WorkerSetup } from './messages.ts';
import { type Waiting, Workforce } from './workforce.ts';

/** Jobs that a worker holds: one at work and one waiting, so that it never idles while its answer travels. */
const JOBS_PER_WORKER = 2;

/** How long a worker may take to finish its job and leave when the pool closes, in milliseconds. */
const GRACE = 2000;

/** Starts one of the pool's workers. */
export type StartJobWorker = StartWorker<WorkerSetup, Message, WorkerReply>;

/**
 * Workers that each hold a session of their own, and one queue of jobs before them.
 */
export class WorkerPool {
  readonly size: number;
  readonly #workers: Workforce<WorkerSetup, Message, WorkerReply>;
  readonly #queue: (Waiting<WorkerReply> & { readonly job: Job })[] = [];
  #closing: Promise<void> | undefined;
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort = (): void => this.#stop(this.#signal!.reason as Error);

  /** @param signal rejects what is open and comes later with its reason */
  constructor(start: StartJobWorker, setup: WorkerSetup, size: number, signal?: AbortSignal) {
    signal?.throwIfAborted();
    this.size = size;
    this.#signal = signal;
    signal?.addEventListener('abort', this.#onAbort);
    this.#workers = new Workforce(
      { start, setup, size },
      {
        subject: 'worker thread',
        advice: `If memory ran out, use fewer ${optionWords('threads')} or a smaller ${optionWords('batch')}.`,
      },
      { onReply: () => this.#dispatch(), onFault: (error) => this.#stop(error) },
    );
  }

  /** @throws failure `worker-crashed` for this and every later job once a worker has ended early */
  run(job: Job): Promise<WorkerReply> {
    const fault = this.#closing === undefined ? this.#workers.fault : closed();
    if (fault !== undefined) return Promise.reject(fault);
    return new Promise((resolve, reject) => {
      this.#queue.push({ job, resolve, reject });
      this.#dispatch();
    });
  }

  #dispatch(): void {
    while (this.#queue.length > 0 && this.#workers.least < JOBS_PER_WORKER) {
      const { job, ...waiting } = this.#queue.shift()!;
      this.#workers.give((id) => ({ ...job, id }), waiting);
    }
  }

  #stop(error: Error): void {
    for (const { reject } of this.#queue.splice(0)) reject(error);
    this.#workers.stop(error);
  }

  /** Lets each worker finish the run that it is in and leave; open jobs are rejected. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#signal?.removeEventListener('abort', this.#onAbort);
    // The assignment of #closing comes after this synchronous part: nothing here may call back into the pool.
    await Promise.resolve();
    this.#stop(closed());
    await this.#workers.end(GRACE, { kind: 'close', id: -1 });
  }
}

function closed(): Error {
  return failure({
    code: 'classifier-closed',
    subject: 'classifier',
    problem: 'was closed while work was open, or before it was asked.',
    advice: 'Close it last.',
  });
}
