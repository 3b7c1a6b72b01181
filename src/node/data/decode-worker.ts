import { parentPort, workerData } from 'node:worker_threads';
import { Budget } from '../../data/budget.ts';
import { MARKED, wordOptions } from '../../errors/option-words.ts';
import { decodeStored } from '../../sources/decode-stored.ts';
import type { Decoder, Decoding } from '../../sources/decode-stored.ts';
import { toTransport } from '../../workers/transported-error.ts';
import { nativeSha256 } from '../sha256.ts';
import type { DecodeMessage, DecodeReply } from './decode-pool.ts';
import { decodeImage } from './image-decoder.ts';
import { readImage } from './read-image.ts';

wordOptions(MARKED);

/** A thread that decodes images. */
const port = parentPort!;
const decoding = workerData as Decoding;
const decoder: Decoder = { images: { read: readImage, decode: decodeImage }, sha256: nativeSha256 };
/** Images at once: one is read or decoded by the threads that Node has for files while another is brought to size. */
const line = new Budget(2);

async function answer({ id, task, bytes, pixels }: DecodeMessage): Promise<DecodeReply> {
  try {
    const decoded = await decodeStored({ ...task, bytes: bytes && (async () => bytes) }, decoding, decoder);
    if ('reason' in decoded) return { id, reason: decoded.reason };
    pixels.set(decoded.pixels);
    return { id };
  } catch (error) {
    return { id, error: toTransport(error) };
  }
}

port.on('message', (message: DecodeMessage) => {
  void line.spend(1, async () => port.postMessage(await answer(message)));
});
