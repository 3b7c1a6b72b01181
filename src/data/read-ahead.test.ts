import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReadAhead } from './read-ahead.ts';

/** Lets everything that can run without outside events run. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

describe('ReadAhead', () => {
  it('loads as many items after those asked for, and no more', async () => {
    const loaded: number[] = [];
    const items = new ReadAhead(async (position) => loaded.push(position), 10, 2);
    await items.read([0, 1, 2]);
    await settle();
    expect(loaded).toEqual([0, 1, 2, 3, 4, 5]);
    await items.read([3, 4, 5]);
    await settle();
    expect(loaded).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    await items.read([6, 7, 8]);
    await settle();
    expect(loaded.length).toBe(10);
  });

  it('loads nothing ahead of reads in no order', async () => {
    const loaded: number[] = [];
    const items = new ReadAhead(async (position) => loaded.push(position), 10, 2);
    await items.read([4, 2]);
    await settle();
    expect(loaded).toEqual([4, 2]);
  });

  it('loads nothing ahead of reads of items far apart, and passes over a gap', async () => {
    const loaded: number[] = [];
    const items = new ReadAhead(async (position) => loaded.push(position), 40, 2);
    await items.read([0, 5, 10]);
    await settle();
    expect(loaded).toEqual([0, 5, 10]);
    await items.read([20, 21, 23]);
    await settle();
    expect(loaded.slice(3)).toEqual([20, 21, 23, 24, 25, 26]);
  });

  it('loads ahead what the reader says, however far apart, and keeps it for the next read', async () => {
    const loaded: number[] = [];
    const items = new ReadAhead(async (position) => loaded.push(position), 100, 2);
    await items.read([0, 30], [60, 90]);
    await settle();
    expect(loaded).toEqual([0, 30, 60, 90]);
    await items.read([60, 90], []);
    await settle();
    expect(loaded).toEqual([0, 30, 60, 90]);
  });

  it('gives items in the order asked for, however long each takes, with few loads at once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.nat(19), { maxLength: 6 }), { maxLength: 5 }),
        fc.array(fc.nat(2), { minLength: 20, maxLength: 20 }),
        fc.boolean(),
        async (reads, turns, together) => {
          let running = 0;
          let most = 0;
          const items = new ReadAhead(
            async (position) => {
              most = Math.max(most, ++running);
              for (let turn = 0; turn < turns[position]; turn++) await settle();
              running--;
              return position;
            },
            20,
            3,
          );
          const results = together
            ? await Promise.all(reads.map((positions) => items.read(positions)))
            : await reads.reduce<Promise<number[][]>>(
                async (done, positions) => [...(await done), await items.read(positions)],
                Promise.resolve([]),
              );
          expect(results).toEqual(reads);
          expect(most).toBeLessThanOrEqual(3);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('gives an error to the read that asked for the item, not to the one before', async () => {
    const items = new ReadAhead(
      async (position) => {
        if (position === 3) throw new Error('item 3');
        return position;
      },
      6,
      2,
    );
    expect(await items.read([0, 1])).toEqual([0, 1]);
    await settle();
    await expect(items.read([2, 3])).rejects.toThrow('item 3');
    expect(await items.read([4, 5])).toEqual([4, 5]);
  });

  it('drops what is in line and not asked for any more', async () => {
    const loaded: number[] = [];
    const items = new ReadAhead(
      async (position) => {
        loaded.push(position);
        await settle();
      },
      100,
      1,
    );
    await items.read([0, 1, 2, 3]);
    await items.read([50]);
    items.close();
    await settle();
    await settle();
    expect(loaded.filter((position) => position > 4 && position < 50)).toEqual([]);
  });
});
