import { failure } from '../errors/error.ts';
import type { StartWorker, WorkerPort } from '../ports/workers.ts';
import type { Job, Message, WorkerReply, WorkerSetup } from './messages.ts';
import { fromTransport } from './transported-error.ts';

/** Jobs that a worker holds: one at work and one waiting, so that it never idles while its answer travels. */
const JOBS_PER_WORKER = 2;

/** How long a worker may take to finish its job and leave by itself when the pool closes, in milliseconds. */
const GRACE = 2000;

interface Waiting {
  readonly job: Job;
  readonly resolve: (reply: WorkerReply) => void;
  readonly reject: (error: Error) => void;
}

interface Member {
  readonly worker: WorkerPort<Message>;
  readonly jobs: Map<number, Waiting>;
}

/** Starts one of the pool's workers. */
export type StartJobWorker = StartWorker<WorkerSetup, Message, WorkerReply>;

/**
 * Workers that each hold a session of their own, and one queue of jobs before them.
 */
export class WorkerPool {
  readonly size: number;
  readonly #members: Member[];
  readonly #queue: Waiting[] = [];
  #nextId = 0;
  #fault: Error | undefined;
  #closing: Promise<void> | undefined;
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort = (): void => {
    this.#fault ??= this.#signal!.reason as Error;
    this.#rejectAll(this.#fault);
  };

  /** @param signal rejects what is open and comes later with its reason */
  constructor(start: StartJobWorker, setup: WorkerSetup, size: number, signal?: AbortSignal) {
    signal?.throwIfAborted();
    this.size = size;
    this.#signal = signal;
    signal?.addEventListener('abort', this.#onAbort);
    this.#members = Array.from({ length: size }, () => this.#start(start, setup));
  }

  #start(start: StartJobWorker, setup: WorkerSetup): Member {
    const jobs: Member['jobs'] = new Map();
    const worker = start(setup, {
      message: (reply) => this.#receive(member, reply),
      fault: (error) => {
        if (this.#closing === undefined) this.#fail(error);
      },
    });
    const member: Member = { worker, jobs };
    worker.setBusy(false);
    return member;
  }

  /** @throws failure `worker-crashed` for this and every later job once a worker has ended by itself */
  run(job: Job): Promise<WorkerReply> {
    if (this.#closing !== undefined) return Promise.reject(closed());
    if (this.#fault !== undefined) return Promise.reject(this.#fault);
    return new Promise((resolve, reject) => {
      this.#queue.push({ job, resolve, reject });
      this.#dispatch();
    });
  }

  #dispatch(): void {
    while (this.#queue.length > 0) {
      const member = this.#members.reduce((a, b) => (b.jobs.size < a.jobs.size ? b : a));
      if (member.jobs.size >= JOBS_PER_WORKER) return;
      const waiting = this.#queue.shift()!;
      const id = this.#nextId++;
      if (member.jobs.size === 0) member.worker.setBusy(true);
      member.jobs.set(id, waiting);
      member.worker.post({ ...waiting.job, id } satisfies Message);
    }
  }

  #receive(member: Member, reply: WorkerReply): void {
    const waiting = member.jobs.get(reply.id);
    if (waiting === undefined) return;
    member.jobs.delete(reply.id);
    if (member.jobs.size === 0) member.worker.setBusy(false);
    this.#dispatch();
    if ('error' in reply) waiting.reject(fromTransport(reply.error));
    else waiting.resolve(reply);
  }

  #fail(cause: Error): void {
    this.#fault ??= failure(
      {
        code: 'worker-crashed',
        subject: 'worker thread',
        problem: `ended by itself: ${cause.message}.`,
        advice: 'If memory ran out, use fewer --threads or a smaller --batch.',
      },
      { cause },
    );
    this.#rejectAll(this.#fault);
  }

  #rejectAll(error: Error): void {
    for (const { reject } of this.#queue.splice(0)) reject(error);
    for (const { jobs, worker } of this.#members) {
      for (const { reject } of jobs.values()) reject(error);
      jobs.clear();
      worker.setBusy(false);
    }
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
    this.#rejectAll(closed());
    await Promise.all(
      this.#members.map(({ worker }) => {
        worker.setBusy(true);
        worker.post({ kind: 'close', id: -1 });
        return worker.leave(GRACE);
      }),
    );
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
