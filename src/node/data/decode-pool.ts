import { failure } from '../../errors/error.ts';
import { imageSize } from '../../image/image.ts';
import { allocatePixels } from '../../image/pixels.ts';
import type { WorkerPort } from '../../ports/workers.ts';
import type { TransportedError } from '../../workers/messages.ts';
import { fromTransport } from '../../workers/transported-error.ts';
import { threadsOf } from '../runtime/start-worker.ts';
import { whyNot } from './decode-stored.ts';
import type { Decoded, DecodeTask, Decoding } from './decode-stored.ts';

/** What a worker is asked: to decode an image into shared memory. */
export interface DecodeMessage {
  readonly id: number;
  readonly task: Omit<DecodeTask, 'bytes'>;
  /** Of images that lie with others; else the worker reads the file. */
  readonly bytes?: Uint8Array;
  readonly pixels: Float32Array;
}

/** What comes of it; with neither, the pixels are there. */
export interface DecodeReply {
  readonly id: number;
  readonly reason?: string;
  readonly error?: TransportedError;
}

interface Open {
  readonly pixels: Float32Array;
  readonly resolve: (decoded: Decoded) => void;
  readonly reject: (error: Error) => void;
}

interface Member {
  readonly port: WorkerPort<DecodeMessage>;
  readonly open: Map<number, Open>;
}

const start = threadsOf<Decoding, DecodeMessage, DecodeReply>(new URL('./decode-worker.js', import.meta.url));

/**
 * Threads that read, decode, cut and edit images. All that is asked goes to them at once, so that they go on while the
 * calling thread is inside native code, as it is during an update of training.
 */
export class DecodePool {
  readonly #members: readonly Member[];
  readonly #shape: Decoding['shape'];
  #nextId = 0;
  #fault: Error | undefined;

  constructor(size: number, decoding: Decoding) {
    this.#members = Array.from({ length: size }, () => {
      const open: Member['open'] = new Map();
      const port = start(decoding, {
        message: (reply) => this.#receive(member, reply),
        fault: (cause) => this.#fail(cause),
      });
      const member: Member = { port, open };
      port.setBusy(false);
      return member;
    });
    this.#shape = decoding.shape;
  }

  /** @throws failure `worker-crashed`; whatever `decodeStored` throws */
  async decode({ bytes, ...task }: DecodeTask): Promise<Decoded> {
    let own: Uint8Array | undefined;
    try {
      // Nothing is awaited for a file: the worker is to have it before this thread does anything else.
      if (bytes !== undefined) own = await bytes();
    } catch (error) {
      return whyNot(error, task.path);
    }
    if (this.#fault !== undefined) throw this.#fault;
    const pixels = allocatePixels(imageSize(this.#shape));
    return new Promise((resolve, reject) => {
      const member = this.#members.reduce((a, b) => (b.open.size < a.open.size ? b : a));
      const id = this.#nextId++;
      if (member.open.size === 0) member.port.setBusy(true);
      member.open.set(id, { pixels, resolve, reject });
      member.port.post({ id, task, bytes: own, pixels });
    });
  }

  #receive(member: Member, { id, reason, error }: DecodeReply): void {
    const open = member.open.get(id);
    if (open === undefined) return;
    member.open.delete(id);
    if (member.open.size === 0) member.port.setBusy(false);
    if (error !== undefined) open.reject(fromTransport(error));
    else open.resolve(reason === undefined ? { pixels: open.pixels } : { reason });
  }

  #fail(cause: Error): void {
    this.#fault ??= failure(
      {
        code: 'worker-crashed',
        subject: 'thread that decodes images',
        problem: `ended by itself: ${cause.message}.`,
        advice: 'If memory ran out, use fewer --threads.',
      },
      { cause },
    );
    this.#end(this.#fault);
  }

  #end(error: Error): void {
    for (const { open, port } of this.#members) {
      for (const { reject } of open.values()) reject(error);
      open.clear();
      port.setBusy(false);
    }
  }

  async close(): Promise<void> {
    const closed = failure({
      code: 'source-closed',
      subject: 'images',
      problem: 'were closed while some of them were read.',
      advice: 'Close them last.',
    });
    this.#fault ??= closed;
    this.#end(closed);
    await Promise.all(this.#members.map(({ port }) => port.leave(0)));
  }
}
