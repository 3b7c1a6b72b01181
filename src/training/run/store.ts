import type { EpochMetrics } from './metrics.ts';

/** Where a run keeps what it needs to go on: a folder on disk, or nothing at all. */
export interface RunStore {
  /** Bytes of the newest checkpoint, or undefined for a run that starts. */
  load(): Promise<Uint8Array | undefined>;
  /** Replaces the checkpoint; whoever is killed meanwhile leaves the old one or the new one, whole. */
  save(checkpoint: Uint8Array): Promise<void>;
  /** Replaces all metrics, as a run that goes on does with those that it had at its checkpoint. */
  resetMetrics(metrics: readonly EpochMetrics[]): Promise<void>;
  appendMetrics(metrics: EpochMetrics): Promise<void>;
}

/** A store that keeps everything in memory. */
export function memoryStore(): RunStore & { readonly metrics: readonly EpochMetrics[] } {
  let checkpoint: Uint8Array | undefined;
  const metrics: EpochMetrics[] = [];
  return {
    metrics,
    load: async () => checkpoint,
    async save(bytes) {
      checkpoint = bytes;
    },
    async resetMetrics(lines) {
      metrics.length = 0;
      for (const line of lines) metrics.push(line);
    },
    async appendMetrics(line) {
      metrics.push(line);
    },
  };
}
