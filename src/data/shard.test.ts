import { expect, it } from 'vitest';
import { formatShard, parseShard, shardLength, shardOf } from './shard.ts';

it('cuts a list into whole groups, dealt out in turn', () => {
  const items = Array.from({ length: 10 }, (_, i) => i);
  const shards = [1, 2, 3].map((index) => shardOf(items, { index, of: 3 }, 2));
  expect(shards).toEqual([
    [0, 1, 6, 7],
    [2, 3, 8, 9],
    [4, 5],
  ]);
  expect(shardOf(items, { index: 9, of: 9 }, 2)).toEqual([]);
});

it('knows how long a shard is without the list', () => {
  for (const count of [0, 1, 7, 8, 9, 31, 64])
    for (const size of [1, 3, 8])
      for (const of of [1, 2, 5, 70])
        for (let index = 1; index <= of; index++)
          expect(shardLength(count, { index, of }, size)).toBe(
            shardOf(Array.from({ length: count }), { index, of }, size).length,
          );
});

it('reads and writes names of shards', () => {
  expect(parseShard('3/64')).toEqual({ index: 3, of: 64 });
  expect(formatShard({ index: 3, of: 64 })).toBe('3/64');
  for (const wrong of ['0/3', '4/3', '3', '3/0', '-1/3', '1.5/3', '1/2/3', 'auto'])
    expect(parseShard(wrong)).toBeUndefined();
});
