import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arraySource } from './array-source.ts';
import type { ImageSource } from './source.ts';
import { describeMissingClasses, excludeIndices, parseExclusion, selectImages } from './selection.ts';

const sourceOf = (length: number) =>
  arraySource({
    images: Array.from({ length }, (_, index) => Float32Array.of(index / 255)),
    labels: Array.from({ length }, (_, index) => index % 3),
    shape: { channels: 1, height: 1, width: 1 },
  });

describe('selectImages', () => {
  it('leaves out, then passes over, then takes; images keep their index', async () => {
    const view = selectImages(sourceOf(10), { exclude: [0, 3, 3], offset: 2, limit: 3 });
    expect(view.length).toBe(3);
    const images = await view.read([2, 0, 1]);
    expect(images.map(({ index, label, pixels }) => [index, label, Math.round(pixels[0] * 255)])).toEqual([
      [6, 0, 6],
      [4, 1, 4],
      [5, 2, 5],
    ]);
    await expect(view.read([3])).rejects.toThrow('internal: position 3');
  });

  it('takes what plain array operations take', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(6),
        fc.integer({ min: 1, max: 15 }),
        fc.uniqueArray(fc.nat(11), { maxLength: 5 }),
        async (offset, limit, exclude) => {
          const view = selectImages(sourceOf(12), { offset, limit, exclude });
          const images = await view.read(Array.from({ length: view.length }, (_, at) => at));
          const expected = [...Array(12).keys()]
            .filter((index) => !exclude.includes(index))
            .slice(offset, offset + limit);
          expect(images.map(({ index }) => index)).toEqual(expected);
        },
      ),
    );
  });

  it('takes images evenly spaced over what is left where they are to be spread, each with its own index', async () => {
    const taken = async (length: number, selection: Parameters<typeof selectImages>[1]) => {
      const view = selectImages(sourceOf(length), { ...selection, spread: true });
      return (await view.read(Array.from({ length: view.length }, (_, at) => at))).map(({ index }) => index);
    };
    expect(await taken(10, { limit: 4 })).toEqual([0, 2, 5, 7]);
    expect(await taken(10, { limit: 3, offset: 1, exclude: [4] })).toEqual([1, 3, 7]);
    expect(await taken(3, { limit: 5 })).toEqual([0, 1, 2]);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: 40 }), fc.integer({ min: 1, max: 20 }), async (length, limit) => {
        const some = await taken(length, { limit });
        expect(some).toHaveLength(Math.min(limit, length));
        expect(new Set(some).size).toBe(some.length);
        const gaps = some.slice(1).map((index, i) => index - some[i]);
        expect(Math.max(0, ...gaps) - Math.min(...gaps, Infinity)).toBeLessThanOrEqual(1);
        if (2 * limit <= length)
          expect(await taken(length, { limit: 2 * limit })).toEqual(expect.arrayContaining(some));
      }),
    );
  });

  it('has another fingerprint where images are excluded, whatever the order of the list', () => {
    const source = sourceOf(9);
    expect(selectImages(source, { offset: 1, limit: 2 }).fingerprint).toBe(source.fingerprint);
    expect(excludeIndices(source, [10 - 2, 1]).fingerprint).toBe(excludeIndices(source, [1, 8]).fingerprint);
    expect(excludeIndices(source, [1]).fingerprint).not.toBe(source.fingerprint);
    expect(excludeIndices(source, [1]).fingerprint).not.toBe(excludeIndices(source, [2]).fingerprint);
  });

  it('passes on what will be read next, at its places in the whole', async () => {
    const asked: unknown[] = [];
    const whole: ImageSource = {
      ...sourceOf(100),
      read: async (...positions) => {
        asked.push(positions);
        return [];
      },
    };
    const view = selectImages(whole, { limit: 5, spread: true });
    await view.read([0, 1], [2, 3]);
    await view.read([4]);
    expect(asked).toEqual([
      [
        [0, 20],
        [40, 60],
      ],
      [[80], undefined],
    ]);
  });

  it('passes on what was skipped', () => {
    const skipped = [{ position: 1, path: 'a.png', reason: 'broken' }];
    expect(selectImages({ ...sourceOf(2), skipped }, { limit: 1 }).skipped).toEqual(skipped);
  });

  it.each([
    [{ limit: 0 }, /'limit': is 0; it takes a whole number from 1 up/],
    [{ limit: 1.5 }, /'limit': is 1.5/],
    [{ offset: -1 }, /'offset': is -1/],
    [{ offset: 4 }, /no image is left: 4 in the data set/],
    [{ exclude: [0, 1, 2, 3] }, /no image is left.*4 excluded/],
    [{ exclude: [4] }, /'exclude': names image 4;.*images 0 to 3/],
  ])('refuses %o', (selection, message) => {
    expect(() => selectImages(sourceOf(4), selection)).toThrow(message);
  });
});

describe('describeMissingClasses', () => {
  const labels = [0, 0, 0, 0, 2, 2, 3, 3];
  const sorted = { ...sourceOf(8), name: 'photos', labels };

  it.each([
    [
      { limit: 3 },
      'With limit: 3 the images lie in only 1 of the 3 classes of photos. ' +
        "Add 'spread' to take them from all over the data set.",
    ],
    [
      { limit: 2, offset: 3 },
      'With offset: 3 and limit: 2 the images lie in only 2 of the 3 classes of photos. ' +
        "Add 'spread' to take them from all over the data set.",
    ],
    [{ offset: 6 }, "With offset: 6 the images lie in only 1 of the 3 classes of photos. Lower 'offset'."],
    [{ limit: 2, spread: true }, "With limit: 2 the images lie in only 2 of the 3 classes of photos. Raise 'limit'."],
    [
      { limit: 2, offset: 4, spread: true },
      "With offset: 4 and limit: 2 the images lie in only 2 of the 3 classes of photos. Raise 'limit', " +
        "or lower 'offset'.",
    ],
  ])('tells what %o leaves out', (selection, sentence) => {
    expect(describeMissingClasses(sorted, selection)).toBe(sentence);
  });

  it.each([[{}], [{ limit: 7 }], [{ offset: 3 }], [{ limit: 4, spread: true }], [{ limit: 6, exclude: [6, 7] }]])(
    'has nothing to tell of %o',
    (selection) => {
      expect(describeMissingClasses(sorted, selection)).toBeUndefined();
    },
  );

  it('cannot tell where labels are not known without reading images', () => {
    expect(describeMissingClasses(sourceOf(8), { limit: 1 })).toBeUndefined();
  });

  it('goes by the labels of a selection of a selection', () => {
    expect(selectImages(sorted, { offset: 3, limit: 3 }).labels).toEqual([0, 2, 2]);
  });
});

describe('parseExclusion', () => {
  it('takes a list, or the list of the split', () => {
    expect(parseExclusion([3, 1], 'test', 'x.json')).toEqual([3, 1]);
    expect(parseExclusion({ train: [5], test: [] }, 'test', 'x.json')).toEqual([]);
  });

  it.each([[null], ['3'], [[1.5]], [[-1]], [['1']], [{ train: [1] }], [{ test: 1 }]])('refuses %j', (value) => {
    expect(() => parseExclusion(value, 'test', 'x.json')).toThrow(
      /x.json: holds no list of positions for the test split/,
    );
  });
});
