import { cifarKinds } from './cifar-kind.ts';
import type { ByteReader } from './bytes.ts';

/** What a file is by its first bytes, whatever its name. */
export type Sniffed = 'idx-images' | 'idx-labels' | 'npy' | 'npz' | 'cifar' | 'tar' | 'pickle' | 'parquet';

/** @param bytes of the file, unpacked where it is gzipped */
export async function sniff(bytes: ByteReader): Promise<Sniffed | undefined> {
  const head = await bytes.read(0, Math.min(bytes.size, 512));
  const starts = (...expected: number[]): boolean => expected.every((byte, at) => head[at] === byte);
  if (starts(0, 0) && head[2] >= 8 && head[2] <= 14 && (head[3] === 3 || head[3] === 4)) return 'idx-images';
  if (starts(0, 0, 8, 1)) return 'idx-labels';
  if (starts(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59)) return 'npy';
  if (starts(0x50, 0x4b, 3, 4)) return 'npz';
  if (starts(0x50, 0x41, 0x52, 0x31)) return 'parquet';
  if (String.fromCharCode(...head.subarray(257, 262)) === 'ustar') return 'tar';
  if ((await cifarKinds(bytes)).length > 0) return 'cifar';
  return starts(0x80) && head[1] >= 2 && head[1] <= 5 ? 'pickle' : undefined;
}
