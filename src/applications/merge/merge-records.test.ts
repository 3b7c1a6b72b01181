import { expect, it } from 'vitest';
import type { ImageRecord } from '../../evaluation/records.ts';
import { type Entry, mergeEntries } from './merge-records.ts';

/** The entries of a shard of `of`, in groups of 8, and how many of them are read ahead of what was taken. */
async function* simulated(index: number, of: number, images: number, held: { now: number; most: number }) {
  for (let at = 0; at < images; at++) {
    if (Math.floor(at / 8) % of !== index) continue;
    held.now++;
    held.most = Math.max(held.most, held.now);
    yield { record: { index: at } as ImageRecord, losses: new Map(), folder: `${index}` } satisfies Entry;
    held.now--;
  }
}

it('goes through shards in the order of the data set and holds one entry of each', async () => {
  const [images, of] = [20_000, 64];
  const held = { now: 0, most: 0 };
  const shards = Array.from({ length: of }, (_, index) => simulated(index, of, images, held));
  let next = 0;
  for await (const { record } of mergeEntries(shards)) expect(record.index).toBe(next++);
  expect(next).toBe(images);
  expect(held.most).toBe(of);
});

it('closes what it reads from when it is left early', async () => {
  let closed = 0;
  async function* endless(): AsyncGenerator<Entry> {
    try {
      for (let index = 0; ; index++)
        yield { record: { index: 2 * index } as ImageRecord, losses: new Map(), folder: '' };
    } finally {
      closed++;
    }
  }
  for await (const _ of mergeEntries([endless()])) break;
  expect(closed).toBe(1);
});
