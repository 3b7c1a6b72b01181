import type { ByteReader } from './bytes.ts';
import { CIFAR10, CIFAR100, type CifarKind } from './cifar.ts';

const PIXEL_BYTES = 3 * 32 * 32;
/** Records looked at, spread over the file. */
const LOOKED_AT = 64;
/** Classes by label byte: CIFAR-100 has the 20 coarse ones before the fine ones. */
const LIMITS = new Map<CifarKind, readonly number[]>([
  [CIFAR10, [10]],
  [CIFAR100, [20, 100]],
]);

/**
 * Which binary version of CIFAR bytes are, by their size and their labels, whatever the file is called.
 * @returns the kinds that they can be: none of other data; both in rare cases
 */
export async function cifarKinds(bytes: ByteReader): Promise<CifarKind[]> {
  const fitting: CifarKind[] = [];
  for (const [kind, limits] of LIMITS) if (await fits(bytes, kind, limits)) fitting.push(kind);
  return fitting;
}

async function fits(bytes: ByteReader, { labelBytes }: CifarKind, limits: readonly number[]): Promise<boolean> {
  const record = labelBytes + PIXEL_BYTES;
  if (bytes.size === 0 || bytes.size % record !== 0) return false;
  const count = bytes.size / record;
  for (let i = 0; i < Math.min(count, LOOKED_AT); i++) {
    const at = Math.floor((i * count) / Math.min(count, LOOKED_AT)) * record;
    const labels = await bytes.read(at, labelBytes);
    if (labels.some((label, which) => label >= limits[which])) return false;
  }
  return true;
}
