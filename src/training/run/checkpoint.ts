import { misuse } from '../../errors/error.ts';
import type { Normalisation } from '../batches/channel-statistics.ts';
import type { RunIdentity } from './identity.ts';
import type { EpochMetrics, Standing } from './metrics.ts';

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

const MAGIC = 'gimbal-checkpoint-1\n';

/**
 * Bytes of a checkpoint: magic line, length of the header (uint32, little-endian), header as JSON, vectors as float32.
 */
export function encodeCheckpoint(checkpoint: Checkpoint): Uint8Array {
  const { vectors, ...rest } = checkpoint;
  const header = new TextEncoder().encode(
    JSON.stringify({ ...rest, vectors: [...vectors].map(([name, v]) => [name, v.length]) }),
  );
  const start = MAGIC.length + 4 + header.length;
  const bytes = new Uint8Array(start + [...vectors.values()].reduce((sum, v) => sum + v.byteLength, 0));
  bytes.set(new TextEncoder().encode(MAGIC));
  new DataView(bytes.buffer).setUint32(MAGIC.length, header.length, true);
  bytes.set(header, MAGIC.length + 4);
  let offset = start;
  for (const vector of vectors.values()) {
    bytes.set(new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength), offset);
    offset += vector.byteLength;
  }
  return bytes;
}

/** @throws misuse `bad-checkpoint` where the bytes are not a whole checkpoint */
export function decodeCheckpoint(bytes: Uint8Array, subject: string, advice = 'Remove it to start anew.'): Checkpoint {
  const bad = (problem: string): Error => misuse({ code: 'bad-checkpoint', subject, problem, advice });
  if (bytes.length < MAGIC.length + 4 || new TextDecoder().decode(bytes.subarray(0, MAGIC.length)) !== MAGIC)
    throw bad('it is not a checkpoint of this version.');
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(MAGIC.length, true);
  const body = MAGIC.length + 4;
  if (bytes.length < body + length) throw bad('it is cut off.');
  const { vectors, ...rest } = JSON.parse(new TextDecoder().decode(bytes.subarray(body, body + length))) as Omit<
    Checkpoint,
    'vectors'
  > & { vectors: [string, number][] };
  if (bytes.length !== body + length + 4 * vectors.reduce((sum, [, size]) => sum + size, 0))
    throw bad('it is cut off.');
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
