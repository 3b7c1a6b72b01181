/** One of several parts of a run, each for a machine of its own. */
export interface Shard {
  /** From 1 on. */
  readonly index: number;
  readonly of: number;
}

/**
 * What a shard takes of a list: every `of`-th group of neighbours, beginning with its own number. Groups are those that
 * an evaluation works through together, whole, so that its batches are the same in a shard as in an undivided run.
 * @param size items in a group; the last group may have fewer
 */
export function shardOf<T>(items: readonly T[], { index, of }: Shard, size: number): T[] {
  return items.filter((_, position) => Math.floor(position / size) % of === index - 1);
}

/** How many of `count` items a shard takes. */
export function shardLength(count: number, { index, of }: Shard, size: number): number {
  const groups = Math.ceil(count / size);
  const own = Math.max(0, Math.ceil((groups - (index - 1)) / of));
  const hasLast = own > 0 && (groups - 1) % of === index - 1;
  return own * size - (hasLast ? groups * size - count : 0);
}

/** `3/64` */
export function formatShard({ index, of }: Shard): string {
  return `${index}/${of}`;
}

/** Whether a text names a shard: `3/64`. @returns `undefined` where not */
export function parseShard(text: string): Shard | undefined {
  const [, index, of] = /^(\d{1,6})\/(\d{1,6})$/.exec(text.trim()) ?? [];
  const shard = { index: Number(index), of: Number(of) };
  return index !== undefined && shard.index >= 1 && shard.index <= shard.of ? shard : undefined;
}
