import type { Device } from '../runtime/runtime.ts';

/** Which numbers of images a session is run with, where the model leaves that free. */
export interface RunSizes {
  /** Run a whole batch or a half, a quarter, an eighth of it, filled up. */
  readonly fewSizes?: boolean;
  /** Least images in one run of a free batch, filled up: a single one may be summed in another order. Default: 1. */
  readonly fewest?: number;
}

/** Whether a device is given few sizes of runs, since it tunes itself anew for each number of images. */
export function fillsUp(device: Device = 'cpu'): boolean {
  return device !== 'cpu';
}

/**
 * Images in a run for so many that are wanted; the slots behind them hold what earlier runs left, which is computed and
 * thrown away.
 * @param wanted at most `capacity`
 */
export function runSize(
  wanted: number,
  capacity: number,
  isFixed: boolean,
  { fewSizes = false, fewest = 1 }: RunSizes,
): number {
  if (isFixed) return capacity;
  if (!fewSizes) return Math.min(capacity, Math.max(fewest, wanted));
  const sizes = [8, 4, 2, 1].map((parts) => Math.ceil(capacity / parts));
  return sizes.find((size) => size >= wanted) as number;
}

/** [0, n) in pieces of `size` and a rest. */
export function inPieces(n: number, size: number): [from: number, to: number][] {
  return Array.from({ length: Math.ceil(n / size) }, (_, i) => [i * size, Math.min(n, (i + 1) * size)]);
}
