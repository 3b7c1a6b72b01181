import type { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32 } from 'node:zlib';
import { pieces } from '../../data/bytes.ts';
import type { ByteReader } from '../../data/bytes.ts';
import { GimbalError, misuse } from '../../errors/error.ts';
import type { PackedBytes } from '../../sources/packed-bytes.ts';

/** What was packed with bytes, to tell whether they came out whole. */
export interface Checks {
  readonly size?: number;
  readonly crc32?: number;
}

/** Bytes that need no unpacking. They are read where they lie, once in full for their checksum. */
export function storedBytes(bytes: ByteReader, checks: Checks = {}): PackedBytes {
  return {
    name: bytes.name,
    size: bytes.size,
    head: (length) => bytes.read(0, Math.min(length, bytes.size)),
    async unpack() {
      if (checks.crc32 !== undefined) for await (const _ of checked(bytes.name, pieces(bytes), checks));
      return bytes;
    },
  };
}

/**
 * Bytes that a stream of Node unpacks.
 * @param keep puts the unpacked pieces where they can be read at any place
 */
export function deflatedBytes(
  name: string,
  packed: ByteReader,
  engine: () => Transform & { readonly bytesWritten: number },
  checks: Checks,
  keep: (name: string, pieces: AsyncIterable<Uint8Array>) => Promise<ByteReader>,
): PackedBytes {
  return {
    name,
    size: checks.size,
    async head(length) {
      const parts: Uint8Array[] = [];
      let missing = length;
      await unpacking(name, async () =>
        pipeline(pieces(packed, 1 << 16), engine(), async (source: AsyncIterable<Uint8Array>) => {
          for await (const piece of source) {
            parts.push(piece.subarray(0, missing));
            missing -= Math.min(missing, piece.length);
            if (missing === 0) return;
          }
        }),
      ).catch((error) => {
        // The stream complains of being left early.
        if (missing > 0) throw error;
      });
      return Buffer.concat(parts);
    },
    unpack: (most = Infinity) =>
      unpacking(name, async () => {
        const stream = engine();
        const unpacked = await pipeline(pieces(packed), stream, (source: AsyncIterable<Uint8Array>) =>
          keep(name, checked(name, source, checks, most)),
        );
        if (stream.bytesWritten < packed.size) await refuseRest(name, packed, stream.bytesWritten);
        return unpacked;
      }),
  };
}

/**
 * Passes pieces on and compares them with what was packed with them.
 * @throws misuse `wrong-size` as soon as there are too many bytes; `damaged-file`
 */
async function* checked(
  name: string,
  source: AsyncIterable<Uint8Array>,
  { size, crc32: expected }: Checks,
  most = Infinity,
): AsyncGenerator<Uint8Array> {
  let [bytes, sum] = [0, 0];
  for await (const piece of source) {
    bytes += piece.length;
    if (bytes > (size ?? Infinity)) throw damagedFile(name, `unpacks to more than the ${size} bytes that it declares`);
    if (bytes > most) {
      throw misuse({
        code: 'wrong-size',
        subject: name,
        problem: `is longer than it says: its header announces ${most} bytes, and there are more.`,
        advice: 'Get or export the file again.',
      });
    }
    sum = crc32(piece, sum);
    yield piece;
  }
  if (size !== undefined && bytes < size)
    throw damagedFile(name, `unpacks to ${bytes} of the ${size} bytes that it declares`);
  if (expected !== undefined && sum !== expected) {
    const hex = (value: number) => value.toString(16).padStart(8, '0');
    throw damagedFile(name, `has the CRC-32 ${hex(sum)}, its archive says ${hex(expected)}`);
  }
}

/** Zeros pad some archives; anything else behind the end is not what was packed. */
async function refuseRest(name: string, packed: ByteReader, from: number): Promise<void> {
  for (let at = from; at < packed.size; at += 1 << 20) {
    const rest = await packed.read(at, Math.min(1 << 20, packed.size - at));
    if (rest.some((byte) => byte !== 0))
      throw damagedFile(name, `has ${packed.size - from} bytes behind the end of its packed data`);
  }
}

export function damagedFile(name: string, what: string, cause?: unknown): GimbalError {
  return misuse(
    { code: 'damaged-file', subject: name, problem: `is damaged: it ${what}.`, advice: 'Get the file again.' },
    { cause },
  );
}

async function unpacking<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw damaged(name, error);
  }
}

/**
 * What unpacking threw, as an error of the file; errors that say what they are about, and abortion, stay as they are.
 */
export function damaged(name: string, error: unknown): unknown {
  const { code, message, name: kind } = error as NodeJS.ErrnoException;
  if (error instanceof GimbalError || kind === 'AbortError') return error;
  const cut = code === 'Z_BUF_ERROR' || /unexpected end/i.test(message);
  return misuse(
    {
      code: cut ? 'cut-file' : 'damaged-file',
      subject: name,
      problem: cut ? 'ends before its packed data does.' : `cannot be unpacked (${message}).`,
      advice: 'Get the file again.',
    },
    { cause: error },
  );
}
