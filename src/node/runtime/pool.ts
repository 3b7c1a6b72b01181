import { Worker } from 'node:worker_threads';
import { failure } from '../../errors/error.ts';
import type { Job, Message, Reply, WorkerSetup } from './messages.ts';
import { fromTransport } from './transported-error.ts';

/** Jobs that a worker holds: one at work and one waiting, so that it never idles while its answer travels. */
const JOBS_PER_WORKER = 2;

/** How long a worker may take to finish its job and leave by itself when the pool closes, in milliseconds. */
const GRACE = 2000;

/**
 * How long an asked-for end may take, in milliseconds. A worker inside native code ends only when that returns, which
 * may be never.
 */
const END = 500;

interface Waiting {
  readonly job: Job;
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: Error) => void;
}

interface Member {
  readonly worker: Worker;
  readonly jobs: Map<number, Waiting>;
  readonly gone: Promise<void>;
}

/**
 * Worker threads that each hold a session of their own, and one queue of jobs before them.
 * Idle workers do not keep the process alive.
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
  constructor(setup: WorkerSetup, size: number, signal?: AbortSignal) {
    signal?.throwIfAborted();
    this.size = size;
    this.#signal = signal;
    signal?.addEventListener('abort', this.#onAbort);
    this.#members = Array.from({ length: size }, () => this.#start(setup));
  }

  #start(setup: WorkerSetup): Member {
    // Flags of the host process (as --input-type, with -e) need not suit a worker.
    const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: setup, execArgv: [] });
    const gone = new Promise<void>((resolve) => {
      worker.once('exit', (code) => {
        if (this.#closing === undefined) this.#fail(new Error(`it ended with code ${code}`));
        resolve();
      });
    });
    const member: Member = { worker, jobs: new Map(), gone };
    worker.on('error', (error) => this.#fail(error));
    worker.on('messageerror', (error) => this.#fail(error));
    worker.on('message', (reply: Reply) => this.#receive(member, reply));
    worker.unref();
    return member;
  }

  /** @throws failure `worker-crashed` for this and every later job once a worker has ended by itself */
  run(job: Job): Promise<Reply> {
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
      if (member.jobs.size === 0) member.worker.ref();
      member.jobs.set(id, waiting);
      member.worker.postMessage({ ...waiting.job, id } satisfies Message);
    }
  }

  #receive(member: Member, reply: Reply): void {
    const waiting = member.jobs.get(reply.id);
    if (waiting === undefined) return;
    member.jobs.delete(reply.id);
    if (member.jobs.size === 0) member.worker.unref();
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
      worker.unref();
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
      this.#members.map(async ({ worker, gone }) => {
        worker.ref();
        worker.postMessage({ kind: 'close', id: -1 } satisfies Message);
        if (await within(GRACE, gone)) return;
        void worker.terminate();
        if (!(await within(END, gone))) worker.unref();
      }),
    );
  }
}

/** Whether something comes in a time. */
async function within(milliseconds: number, coming: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), milliseconds);
  });
  const inTime = await Promise.race([coming.then(() => true), late]);
  clearTimeout(timer);
  return inTime;
}

function closed(): Error {
  return failure({
    code: 'classifier-closed',
    subject: 'classifier',
    problem: 'was closed while work was open, or before it was asked.',
    advice: 'Close it last.',
  });
}
