import { failure } from '../errors/error.ts';
import type { StartWorker, WorkerPort } from '../ports/workers.ts';
import type { TransportedError } from './messages.ts';
import { fromTransport } from './transported-error.ts';

interface Numbered {
  readonly id: number;
}

/** Who waits for what a worker was given. */
export interface Waiting<Received> {
  readonly resolve: (reply: Received) => void;
  readonly reject: (error: Error) => void;
}

interface Member<Sent, Received> {
  readonly port: WorkerPort<Sent>;
  readonly open: Map<number, Waiting<Received>>;
}

/** What is said of a worker that ended without being asked to. */
export interface Crash {
  readonly subject: string;
  readonly advice: string;
}

/**
 * Workers of one kind, and what each of them was given and has not answered. An idle one does not keep the program
 * alive. Where one ends without being asked to, all that is open is rejected, and so is whatever comes later.
 */
export class Workforce<
  Setup,
  Sent extends Numbered,
  Received extends Numbered & { readonly error?: TransportedError },
> {
  readonly #members: readonly Member<Sent, Received>[];
  readonly #onReply: () => void;
  #nextId = 0;
  #fault: Error | undefined;
  #isEnding = false;

  /**
   * @param onReply receives each answer before those who wait for it
   * @param onFault is told when a worker has crashed
   */
  constructor(
    { start, setup, size }: Crew<Setup, Sent, Received>,
    crash: Crash,
    { onReply = () => {}, onFault = () => {} }: { onReply?: () => void; onFault?: (error: Error) => void } = {},
  ) {
    this.#onReply = onReply;
    this.#members = Array.from({ length: size }, () => {
      const open: Member<Sent, Received>['open'] = new Map();
      const port = start(setup, {
        message: (reply) => this.#receive(member, reply),
        fault: (cause) => {
          // One that was asked to leave ends as it should.
          if (this.#isEnding) return;
          this.stop(crashed(crash, cause));
          onFault(this.#fault!);
        },
      });
      const member: Member<Sent, Received> = { port, open };
      port.setBusy(false);
      return member;
    });
  }

  /** Why nothing can be given any more. */
  get fault(): Error | undefined {
    return this.#fault;
  }

  /** How much the worker holds that holds least. */
  get least(): number {
    return this.#idlest().open.size;
  }

  /**
   * Gives something to the worker that holds least.
   * @param message by the number that its answer bears
   */
  give(message: (id: number) => Sent, waiting: Waiting<Received>): void {
    const { open, port } = this.#idlest();
    const id = this.#nextId++;
    if (open.size === 0) port.setBusy(true);
    open.set(id, waiting);
    port.post(message(id));
  }

  /** Rejects what is open, and from now on is at fault: the first reason stays. */
  stop(error: Error): void {
    this.#fault ??= error;
    for (const { open, port } of this.#members) {
      for (const { reject } of open.values()) reject(this.#fault);
      open.clear();
      port.setBusy(false);
    }
  }

  /**
   * Ends the workers.
   * @param patience milliseconds for each to leave on its own
   * @param farewell what asks it to
   */
  async end(patience: number, farewell?: Sent): Promise<void> {
    this.#isEnding = true;
    await Promise.all(
      this.#members.map(({ port }) => {
        if (farewell !== undefined) {
          port.setBusy(true);
          port.post(farewell);
        }
        return port.leave(patience);
      }),
    );
  }

  #idlest(): Member<Sent, Received> {
    return this.#members.reduce((a, b) => (b.open.size < a.open.size ? b : a));
  }

  #receive({ open, port }: Member<Sent, Received>, reply: Received): void {
    const waiting = open.get(reply.id);
    if (waiting === undefined) return;
    open.delete(reply.id);
    if (open.size === 0) port.setBusy(false);
    this.#onReply();
    if (reply.error === undefined) waiting.resolve(reply);
    else waiting.reject(fromTransport(reply.error));
  }
}

/** How workers are started, with what each is to know, and how many. */
interface Crew<Setup, Sent, Received> {
  readonly start: StartWorker<Setup, Sent, Received>;
  readonly setup: Setup;
  readonly size: number;
}

function crashed({ subject, advice }: Crash, cause: Error): Error {
  return failure({ code: 'worker-crashed', subject, problem: `ended early: ${cause.message}.`, advice }, { cause });
}
