import { z } from 'zod';
import { sha256OfLarge } from '../../digest/sha256.ts';
import { misuse } from '../../errors/error.ts';
import { optionWords } from '../../errors/option-words.ts';
import { parseBySchema } from '../../json/by-schema.ts';
import type { Normalisation } from '../batches/channel-statistics.ts';
import type { RunIdentity } from './identity.ts';
import type { EpochMetrics, Standing } from './metrics.ts';
import { metricsSchema, standingSchema } from './metrics-schema.ts';

/** Everything from which a run goes on as if it had never stopped. */
export interface Checkpoint {
  /** What the run is: settings, data, network. A run goes on only under the very same. */
  readonly identity: RunIdentity;
  /** Updates done. */
  readonly step: number;
  /** Sum of the losses of this epoch's updates so far. */
  readonly lossSum: number;
  readonly metrics: readonly EpochMetrics[];
  /** Where the best state is kept: where the network stood at first, and the epoch of that state. */
  readonly baseline?: Standing;
  readonly bestEpoch?: number;
  /** Of the input; not in checkpoints of earlier versions. */
  readonly normalisation?: Normalisation;
  /** Flat vectors by name: parameters, statistics, optimizer memories, averages. */
  readonly vectors: ReadonlyMap<string, Float32Array>;
}

const FORMAT = 2;
const MAGIC = `gimbal-checkpoint-${FORMAT}\n`;
/** Bytes of a SHA-256. */
const CHECKSUM = 32;

const headerSchema = z.looseObject({
  identity: z.record(z.string(), z.unknown()),
  step: z.int().nonnegative(),
  lossSum: z.number(),
  metrics: z.array(metricsSchema),
  baseline: standingSchema.optional(),
  bestEpoch: z.int().nonnegative().optional(),
  normalisation: z
    .object({
      mean: z.array(z.number()),
      std: z.array(z.number()),
      whitening: z.array(z.number()).optional(),
    })
    .optional(),
  vectors: z.array(z.tuple([z.string(), z.int().nonnegative()])),
});

/**
 * Bytes of a checkpoint: magic line, length of the header (uint32, little-endian), header as JSON, vectors as
 * float32, and the SHA-256 of all that.
 */
export async function encodeCheckpoint(checkpoint: Checkpoint): Promise<Uint8Array> {
  const { vectors, ...rest } = checkpoint;
  const header = new TextEncoder().encode(
    JSON.stringify({ ...rest, vectors: [...vectors].map(([name, v]) => [name, v.length]) }),
  );
  const start = MAGIC.length + 4 + header.length;
  const end = start + [...vectors.values()].reduce((sum, v) => sum + v.byteLength, 0);
  const bytes = new Uint8Array(end + CHECKSUM);
  bytes.set(new TextEncoder().encode(MAGIC));
  new DataView(bytes.buffer).setUint32(MAGIC.length, header.length, true);
  bytes.set(header, MAGIC.length + 4);
  let offset = start;
  for (const vector of vectors.values()) {
    bytes.set(new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength), offset);
    offset += vector.byteLength;
  }
  bytes.set(await sha256OfLarge(bytes.subarray(0, end)), end);
  return bytes;
}

/**
 * @throws misuse `bad-checkpoint` where the bytes are not those that were written, `other-checkpoint` where they are
 *   of another format
 */
export async function decodeCheckpoint(
  bytes: Uint8Array,
  subject: string,
  advice = `Give another ${optionWords('out')} to start anew.`,
): Promise<Checkpoint> {
  requireFormat(bytes, subject);
  const end = bytes.length - CHECKSUM;
  const body = MAGIC.length + 4;
  const damaged = { code: 'bad-checkpoint', subject, advice };
  const sound = end >= body && equal(await sha256OfLarge(bytes.subarray(0, end)), bytes.subarray(end));
  if (!sound) throw misuse({ ...damaged, problem: 'is damaged or cut off: its checksum does not hold.' });
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(MAGIC.length, true);
  const header = new TextDecoder().decode(bytes.subarray(body, body + length));
  const { vectors, ...rest } = parseBySchema(header, headerSchema, damaged);
  if (end !== body + length + 4 * vectors.reduce((sum, [, size]) => sum + size, 0))
    throw misuse({ ...damaged, problem: 'is damaged: its vectors are not as long as its header says.' });
  let offset = body + length;
  const values = new Map(
    vectors.map(([name, size]) => {
      // A copy, for alignment; not slice(), which on a Buffer of Node copies nothing.
      const copy = new Uint8Array(bytes.subarray(offset, (offset += 4 * size)));
      return [name, new Float32Array(copy.buffer)];
    }),
  );
  return { ...rest, vectors: values };
}

function requireFormat(bytes: Uint8Array, subject: string): void {
  const first = new TextDecoder().decode(bytes.subarray(0, 40));
  if (first.startsWith(MAGIC)) return;
  const format = /^gimbal-checkpoint-(\d+)\n/.exec(first)?.[1];
  if (format === undefined) {
    // The first bytes may be what is damaged.
    throw misuse({
      code: 'bad-checkpoint',
      subject,
      problem: 'is no checkpoint of gimbal train.',
      advice: `Give another ${optionWords('out')} to start anew.`,
    });
  }
  throw misuse({
    code: 'other-checkpoint',
    subject,
    ...(Number(format) > FORMAT
      ? {
          problem:
            `is a checkpoint of format ${format}, which a newer version of Gimbal wrote; ` +
            `this one reads format ${FORMAT}.`,
          advice: `Install that version, or give another ${optionWords('out')} to start anew.`,
        }
      : {
          problem:
            `is a checkpoint of format ${format}, which version 0.1.0 wrote: it has no checksum, ` +
            'so that damage would go unseen.',
          advice: `End that run with version 0.1.0, or give another ${optionWords('out')} to start anew.`,
        }),
  });
}

function equal(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, i) => byte === other[i]);
}
