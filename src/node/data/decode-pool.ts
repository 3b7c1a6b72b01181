import { failure } from '../../errors/error.ts';
import { optionWords } from '../../errors/option-words.ts';
import { imageSize } from '../../image/image.ts';
import { allocatePixels } from '../../image/pixels.ts';
import type { Decoded, DecodeTask, Decoding } from '../../sources/decode-stored.ts';
import type { DecodingThreads } from '../../sources/image-files.ts';
import { whyNot } from '../../sources/stored-image.ts';
import type { TransportedError } from '../../workers/messages.ts';
import { Workforce } from '../../workers/workforce.ts';
import { threadsOf } from '../runtime/start-worker.ts';

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

const start = threadsOf<Decoding, DecodeMessage, DecodeReply>(new URL('./decode-worker.js', import.meta.url));

/**
 * Threads that read, decode, cut and edit images. All that is asked goes to them at once, so that they go on while the
 * calling thread is inside native code, as it is during an update of training.
 */
export class DecodePool implements DecodingThreads {
  readonly #threads: Workforce<Decoding, DecodeMessage, DecodeReply>;
  readonly #shape: Decoding['shape'];

  constructor(size: number, decoding: Decoding) {
    this.#shape = decoding.shape;
    this.#threads = new Workforce(
      { start, setup: decoding, size },
      { subject: 'thread that decodes images', advice: `If memory ran out, use fewer ${optionWords('threads')}.` },
    );
  }

  /** @throws failure `worker-crashed`; whatever `decodeStored` throws */
  async decode({ bytes: stored, ...task }: DecodeTask): Promise<Decoded> {
    let bytes: Uint8Array | undefined;
    try {
      // Nothing is awaited for a file: the worker is to have it before this thread does anything else.
      if (stored !== undefined) bytes = await stored();
    } catch (error) {
      return { reason: whyNot(error, task.path) };
    }
    if (this.#threads.fault !== undefined) throw this.#threads.fault;
    const pixels = allocatePixels(imageSize(this.#shape));
    const { reason } = await new Promise<DecodeReply>((resolve, reject) =>
      this.#threads.give((id) => ({ id, task, bytes, pixels }), { resolve, reject }),
    );
    return reason === undefined ? { pixels } : { reason };
  }

  async close(): Promise<void> {
    this.#threads.stop(
      failure({
        code: 'source-closed',
        subject: 'images',
        problem: 'were closed while some of them were read.',
        advice: 'Close them last.',
      }),
    );
    await this.#threads.end(0);
  }
}
