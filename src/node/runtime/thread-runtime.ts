import { Worker } from 'node:worker_threads';
import { Tensor } from 'onnxruntime-common';
import { failure } from '../../errors/error.ts';
import type { Runtime, Session, SessionOptions } from '../../runtime/runtime.ts';
import type { ModelFile } from '../../runtime/model-file.ts';
import { nodeRuntime } from './runtime.ts';
import type { PackedTensor, SessionReply, SessionRequest } from './session-messages.ts';
import { fromTransport } from '../../workers/transported-error.ts';

type Request = SessionRequest extends infer R ? (R extends { id: number } ? Omit<R, 'id'> : never) : never;

/**
 * Does work with a runtime whose sessions live in a thread of their own, so that the calling thread stays free while a
 * foreign model is loaded and run, for however long. Tensors are copied on the way: it is for trying models, not for
 * measuring.
 *
 * @param signal stops the work at once, also inside of a run that never ends: its thread is left to itself
 * @throws the signal's reason; whatever the work throws
 */
export async function withThreadRuntime<T>(
  signal: AbortSignal | undefined,
  work: (runtime: Runtime) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const thread = new SessionThread();
  const stop = (): void => thread.end(signal!.reason as Error);
  signal?.addEventListener('abort', stop);
  try {
    const result = await work({
      devices: () => nodeRuntime.devices(),
      createSession: (model, options) => thread.createSession(model, options),
    });
    signal?.throwIfAborted();
    return result;
  } catch (error) {
    // What the work makes of the end of its sessions is beside the point.
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener('abort', stop);
    thread.end(new Error('internal: a session was used after its time'));
  }
}

/** Started with the first session. */
class SessionThread {
  readonly #open = new Map<number, { resolve(reply: SessionReply): void; reject(error: Error): void }>();
  #worker: Worker | undefined;
  #fault: Error | undefined;
  #nextId = 0;

  async createSession(model: ModelFile, options?: SessionOptions): Promise<Session> {
    const { bytes, weights } = model instanceof Uint8Array ? { bytes: model, weights: undefined } : model;
    // Not bytes.slice(): that of a Buffer shares its memory, which the transfer takes away.
    const own = new Uint8Array(bytes);
    const session = this.#nextId;
    const file = weights === undefined ? own : { bytes: own, weights };
    const reply = await this.#ask({ kind: 'create', model: file, options }, [own.buffer]);
    const { inputNames, outputNames } = reply as Extract<SessionReply, { inputNames: unknown }>;
    return {
      inputNames,
      outputNames,
      run: async (feeds, fetches) => {
        if (fetches !== undefined && !Array.isArray(fetches))
          throw new Error('internal: memory for results does not cross threads');
        const names = fetches as readonly string[] | undefined;
        const run = await this.#ask({ kind: 'run', session, feeds: each(feeds, pack), fetches: names });
        return each((run as Extract<SessionReply, { outputs: unknown }>).outputs, unpack);
      },
      release: async () => void (await this.#ask({ kind: 'release', session })),
    };
  }

  #ask(request: Request, transferred: readonly ArrayBuffer[] = []): Promise<SessionReply> {
    return new Promise((resolve, reject) => {
      if (this.#fault !== undefined) return reject(this.#fault);
      this.#worker ??= this.#start();
      const id = this.#nextId++;
      this.#open.set(id, { resolve, reject });
      this.#worker.postMessage({ ...request, id } as SessionRequest, [...transferred]);
    });
  }

  #start(): Worker {
    const worker = new Worker(new URL('./session-worker.js', import.meta.url), { execArgv: [] });
    worker.on('message', (reply: SessionReply) => {
      const { resolve, reject } = this.#open.get(reply.id) ?? {};
      this.#open.delete(reply.id);
      if ('error' in reply) reject?.(fromTransport(reply.error));
      else resolve?.(reply);
    });
    const crashed = (what: string, cause?: Error): void =>
      this.end(
        failure({ code: 'worker-crashed', subject: 'worker thread', problem: `ended early: ${what}.` }, { cause }),
      );
    worker.on('error', (error) => crashed(error.message, error));
    worker.on('exit', (code) => crashed(`it ended with code ${code}`));
    return worker;
  }

  /**
   * Every request that is open or comes later fails. A thread inside native code goes on until that returns, and holds
   * nobody.
   */
  end(reason: Error): void {
    if (this.#fault !== undefined) return;
    this.#fault = reason;
    this.#worker?.unref();
    void this.#worker?.terminate();
    for (const { reject } of this.#open.values()) reject(reason);
    this.#open.clear();
  }
}

function pack({ type, data, dims }: Tensor): PackedTensor {
  return { type, data, dims };
}

function unpack({ type, data, dims }: PackedTensor): Tensor {
  return new Tensor(type as 'float32', data as Float32Array, dims);
}

function each<A, B>(values: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));
}
