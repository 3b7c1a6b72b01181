import type { EpochMetrics } from './metrics.ts';

/** Where a run keeps what it needs to go on: a folder on disk, or nothing at all. */
export interface RunStore {
  /** What messages call it: a folder. */
  readonly name: string;
  /** Bytes of the newest checkpoint or of the one before it; undefined where there is none. */
  load(which?: 'newest' | 'before'): Promise<Uint8Array | undefined>;
  /**
   * Adds a checkpoint; the newest so far is kept as the one before it, which goes. Whoever is killed meanwhile leaves
   * the old ones or the new ones, whole.
   */
  save(checkpoint: Uint8Array): Promise<void>;
  /** Puts the newest checkpoint aside, which is damaged: the one before it is the newest from then on. */
  setAside(): Promise<void>;
  /** Replaces all metrics, as a run that goes on does with those that it had at its checkpoint. */
  resetMetrics(metrics: readonly EpochMetrics[]): Promise<void>;
  appendMetrics(metrics: EpochMetrics): Promise<void>;
}

/** A store that keeps everything in memory. */
export function memoryStore(): RunStore & { readonly metrics: readonly EpochMetrics[] } {
  let [newest, before]: (Uint8Array | undefined)[] = [];
  const metrics: EpochMetrics[] = [];
  return {
    name: 'checkpoint',
    metrics,
    load: async (which = 'newest') => (which === 'newest' ? newest : before),
    async save(bytes) {
      [newest, before] = [bytes, newest ?? before];
    },
    async setAside() {
      [newest, before] = [before, undefined];
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
