import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { imageDimensions } from './array-layout.ts';
import { joinBytes, memoryBytes, sliceBytes } from './bytes.ts';
import { CIFAR10, CIFAR100, cifarLayout, scanCifar } from './cifar.ts';
import { readIdxHeader } from './idx.ts';
import { readNpyHeader } from './npy.ts';
import { recordSource } from './record-source.ts';

const bytes = (...values: number[]) => memoryBytes('file', Uint8Array.from(values));

describe('joined and sliced bytes', () => {
  it('read as one array would', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 5 }), { maxLength: 5 }),
        fc.nat(25),
        fc.nat(25),
        async (parts, one, other) => {
          const whole = Uint8Array.from(parts.flatMap((part) => [...part]));
          const joined = joinBytes(
            'all',
            parts.map((part) => memoryBytes('part', part)),
          );
          const [from, to] = [Math.min(one, other, whole.length), Math.min(Math.max(one, other), whole.length)];
          expect(joined.size).toBe(whole.length);
          expect([...(await joined.read(from, to - from))]).toEqual([...whole.subarray(from, to)]);
          expect([...(await sliceBytes('part', joined, from, to - from).read(0, to - from))]).toEqual([
            ...whole.subarray(from, to),
          ]);
        },
      ),
    );
  });
});

describe('readIdxHeader', () => {
  it('reads the dimensions', async () => {
    expect(await readIdxHeader(bytes(0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6))).toEqual({
      dimensions: [2, 3],
      start: 12,
    });
  });

  it.each([
    [[], 'wrong-format', /starts with nothing/],
    [[0x1f, 0x8b, 8, 0], 'wrong-format', /starts with 1f 8b 08 00/],
    [[0, 0, 13, 1, 0, 0, 0, 0], 'unsupported-type', /type 13/],
    [[0, 0, 8, 3, 0, 0], 'wrong-size', /header alone takes 16 bytes, there are 6/],
    [[0, 0, 8, 1, 0, 0, 0, 3, 1, 2], 'wrong-size', /cut short: IDX data of 3 takes 11 bytes, there are 10/],
    [[0, 0, 8, 1, 0, 0, 0, 1, 1, 2], 'wrong-size', /longer/],
  ])('refuses %j', async (values, code, message) => {
    const error = await readIdxHeader(bytes(...values)).catch((reason) => reason);
    expect(error.issue.code).toBe(code);
    expect(error.message).toMatch(message);
  });

  it('answers any bytes with a header or a misuse', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 40 }), fc.boolean(), async (content, likely) => {
        if (likely) content.set([0, 0, 8].slice(0, content.length));
        const result = await readIdxHeader(memoryBytes('file', content)).catch((error) => error);
        expect(result.kind === 'misuse' || Array.isArray(result.dimensions)).toBe(true);
      }),
    );
  });
});

describe('readNpyHeader', () => {
  it('answers any bytes with a header or a misuse', async () => {
    const magic = [0x93, ...Buffer.from('NUMPY')];
    const header = "{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }";
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 20 }), fc.nat(header.length), async (tail, cut) => {
        const content = [...magic, 1, 0, header.length, 0, ...Buffer.from(header.slice(0, cut)), ...tail];
        const result = await readNpyHeader(bytes(...content)).catch((error) => error);
        expect(result.kind === 'misuse' || result.dimensions[0] === 2).toBe(true);
      }),
    );
  });
});

describe('imageDimensions', () => {
  it.each([
    [[5, 28, 30], undefined, { channels: 1, height: 28, width: 30 }, 'chw'],
    [[5, 3, 28, 30], undefined, { channels: 3, height: 28, width: 30 }, 'chw'],
    [[5, 28, 30, 3], undefined, { channels: 3, height: 28, width: 30 }, 'hwc'],
    [[5, 28, 30, 1], undefined, { channels: 1, height: 28, width: 30 }, 'hwc'],
    [[5, 3, 9, 3], { channels: 3, height: 3, width: 9 }, { channels: 3, height: 3, width: 9 }, 'hwc'],
    [[5, 3, 9, 3], { channels: 3, height: 9, width: 3 }, { channels: 3, height: 9, width: 3 }, 'chw'],
    [[5, 6, 7, 4], { channels: 4, height: 6, width: 7 }, { channels: 4, height: 6, width: 7 }, 'hwc'],
    [[5, 784], { channels: 1, height: 28, width: 28 }, { channels: 1, height: 28, width: 28 }, 'chw'],
  ])('%j for %o', (dimensions, model, shape, order) => {
    expect(imageDimensions(dimensions, model, 'x')).toEqual({ shape, order });
  });

  it.each([[[5]], [[5, 784]], [[5, 3, 9, 3]], [[5, 6, 7, 4]], [[1, 5, 3, 8, 8]], [[5, 0, 28]], [[5, 3, 0, 8]]])(
    'refuses %j',
    (dimensions) => {
      expect(() => imageDimensions(dimensions, undefined, 'x')).toThrow(`has dimensions ${dimensions.join('×')}`);
    },
  );
});

describe('records', () => {
  const record = (kind: typeof CIFAR10, index: number) => [
    ...Array(kind.labelBytes - 1).fill(9),
    index % 10,
    ...Array.from({ length: 3072 }, (_, at) => (index * 31 + at) % 256),
  ];

  it.each([CIFAR10, CIFAR100])('finds labels and images in CIFAR batches with %o', async (kind) => {
    const content = memoryBytes('batch', Uint8Array.from([...Array(7).keys()].flatMap((index) => record(kind, index))));
    const seen: number[] = [];
    const labels = await scanCifar(content, kind, (piece) => seen.push(...piece));
    expect([...labels]).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(seen.length).toBe(content.size);
    const source = recordSource(
      {
        name: 'batch',
        bytes: content,
        layout: cifarLayout(kind),
        labels,
        classes: 10,
        fingerprint: '',
        close: async () => {},
      },
      {},
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(6), { maxLength: 9 }), async (positions) => {
        const images = await source.read(positions);
        expect(images.map(({ index }) => index)).toEqual(positions);
        for (const { index, label, pixels } of images) {
          expect(label).toBe(index);
          expect([0, 1000, 3071].map((at) => Math.round(pixels[at] * 255))).toEqual(
            [0, 1000, 3071].map((at) => (index * 31 + at) % 256),
          );
        }
      }),
    );
  });

  it.each([[0], [3072], [3074]])('refuses a batch of %i bytes', async (size) => {
    await expect(scanCifar(memoryBytes('batch', new Uint8Array(size)), CIFAR10, () => {})).rejects.toThrow(
      /not a whole number of records of 3073/,
    );
  });
});
