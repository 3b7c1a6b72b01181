import type { z } from 'zod';
import { formatShard, parseShard } from '../data/shard.ts';
import { value } from '../settings/value.ts';

/** `3/64`, or `auto`. */
export function shardName(): z.ZodType<string> {
  return value('a shard, as 3/64 for the third of 64, or auto', (given) => {
    if (typeof given !== 'string') return undefined;
    const shard = parseShard(given);
    return shard === undefined ? (given === 'auto' ? given : undefined) : formatShard(shard);
  });
}
