import { expect, it } from 'vitest';
import type { ShardState } from '../../applications/merge/shard-states.ts';
import { describeShards } from './show-shards.ts';

const shard = (number: number, condition: ShardState['condition'], done: number): ShardState => ({
  name: `${number}/6`,
  condition,
  done,
  images: 100,
  command: `gimbal evaluate m --shard ${number}/6`,
});

it('tells what is done, how fast, how long it takes, and which shards need someone', () => {
  const states = [
    shard(1, 'done', 100),
    shard(2, 'running', 50),
    shard(3, 'cut off', 10),
    shard(4, 'not begun', 0),
    shard(5, 'not begun', 0),
    shard(6, 'silent', 40),
  ];
  expect(describeShards(states, 80, 10)).toBe(
    '1/6 shards done · 200/600 images · 8.0 images/s · 0:50 left · cut off: 3 · silent: 6 · not begun: 4–5',
  );
  expect(describeShards([shard(1, 'done', 100)], 0, 0)).toBe('1/1 shards done · 100/100 images');
});
