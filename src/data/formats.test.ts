import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { imageDimensions } from './array-layout.ts';
import { joinBytes, memoryBytes, sliceBytes } from './bytes.ts';
import { CIFAR10, CIFAR100, cifarLayout, scanCifar } from './cifar.ts';
import type { GimbalError } from '../errors/error.ts';
import { npyFile } from '../testing/data-files.ts';
import { checkFileSize } from './array-file.ts';
import { readElements } from './elements.ts';
import { readIdxHeader } from './idx.ts';
import { readNpyHeader } from './npy.ts';
import { recordSource } from './record-source.ts';
import { rangeOf } from './value-range.ts';

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

const fault = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    return error as GimbalError;
  }
};

describe('readIdxHeader', () => {
  it('reads the dimensions', () => {
    const header = readIdxHeader('file', Uint8Array.of(0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6));
    expect(header).toMatchObject({ type: 'uint8', dimensions: [2, 3], start: 12 });
    expect(() => checkFileSize(header, 18)).not.toThrow();
    expect(() => checkFileSize(header, 17)).toThrow(/cut short: uint8 data of 2×3 takes 18 bytes, there are 17/);
    expect(() => checkFileSize(header, 19)).toThrow(/longer/);
  });

  it.each([
    [[], 'wrong-format', /starts with nothing/],
    [[0x1f, 0x8b, 8, 0], 'wrong-format', /starts with 1f 8b 08 00/],
    [[0, 0, 10, 1, 0, 0, 0, 0], 'unsupported-type', /type 10/],
    [[0, 0, 8, 3, 0, 0], 'wrong-size', /header alone takes 16 bytes, there are 6/],
  ])('refuses %j', (values, code, message) => {
    const error = fault(() => readIdxHeader('file', Uint8Array.from(values)));
    expect(error?.issue.code).toBe(code);
    expect(error?.message).toMatch(message);
  });

  it('answers any bytes with a header or a misuse', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.boolean(), (content, likely) => {
        if (likely) content.set([0, 0, 8].slice(0, content.length));
        const error = fault(() => readIdxHeader('file', content));
        expect(error === undefined || error.kind === 'misuse').toBe(true);
      }),
    );
  });
});

describe('readNpyHeader', () => {
  it('answers any bytes with a header or a misuse', () => {
    const magic = [0x93, ...Buffer.from('NUMPY')];
    const header = "{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }";
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 20 }), fc.nat(header.length), (tail, cut) => {
        const content = Uint8Array.from([
          ...magic,
          1,
          0,
          header.length,
          0,
          ...Buffer.from(header.slice(0, cut)),
          ...tail,
        ]);
        const error = fault(() => expect(readNpyHeader('file', content).dimensions).toEqual([2]));
        expect(error === undefined || error.kind === 'misuse').toBe(true);
      }),
    );
  });

  it.each([
    ['|__proto__', '(2,)', /values of type \|__proto__/],
    ['|toString', '(2,)', /values of type/],
    ['<constructor', '(2,)', /values of type/],
    ['|O', '(2,)', /Python objects/],
    ['<U5', '(2,)', /text.*return_inverse/],
    ['<f16', '(2,)', /astype\('float64'\)/],
    ['|u1', '(-2,)', /not a plain array/],
    ['|u1', '(1e3,)', /not a plain array/],
    ['|u1', '(4294967296, 4294967296)', /not a plain array/],
  ])('refuses %s of %s', (type, shape, message) => {
    expect(() => readNpyHeader('file', npyFile(type, shape))).toThrow(message);
  });
});

describe('readElements', () => {
  it('reads every type in both byte orders', () => {
    // 1.5, −2, 2⁻²⁴ (the smallest), the largest, infinity as float16
    const halves = [0x3e00, 0xc000, 0x0001, 0x7bff, 0x7c00];
    const little = new Uint8Array(Uint16Array.from(halves).buffer);
    expect([...readElements(little, 'float16', false)]).toEqual([1.5, -2, 2 ** -24, 65504, Infinity]);
    expect([...readElements(Uint8Array.of(0x3e, 0, 0xc0, 0), 'float16', true)]).toEqual([1.5, -2]);
    expect([...readElements(Uint8Array.of(0x0f, 0xff), 'uint16', true)]).toEqual([4095]);
    expect([...readElements(Uint8Array.of(0xff, 0xfe), 'int8', false)]).toEqual([-1, -2]);
    expect([...readElements(Uint8Array.of(0, 0, 0, 0, 0, 0, 3, 231), 'int64', true)]).toEqual([999]);
    expect([...readElements(Uint8Array.of(0xfe, 0xff, 0xff, 0xff), 'int32', false)]).toEqual([-2]);
  });
});

describe('rangeOf', () => {
  const scan = (low: number, high: number) => ({
    least: { value: low, image: 3 },
    most: { value: high, image: 7 },
    notFinite: new Map(),
  });

  it.each([
    ['float16', 0, 1, { black: 0, white: 1 }],
    ['float64', 0.2, 0.3, { black: 0, white: 1 }],
    ['int64', 0, 255, { black: 0, white: 255 }],
    ['uint16', 3, 200, { black: 0, white: 255 }],
  ] as const)('is told by %s from %f to %f', (type, low, high, range) => {
    expect(rangeOf({ name: 'x.npy', type }, scan(low, high))).toEqual(range);
  });

  it.each([
    ['uint16', 0, 4071, /to 4071 \(image 7\).*'pixel-range': '0,4095' for 12-bit images, or 0,16383.*0,65535/],
    ['uint16', 0, 60000, /'pixel-range': '0,65535' for 16-bit images, or others\.$/],
    ['int8', -128, 127, /'pixel-range': '-128,127'.*view\('uint8'\)/],
    ['int64', 0, 1, /'pixel-range': '0,1' for masks/],
    ['int64', 0, 16, /0,255/],
    ['float32', 0, 255, /'0,255' for 8-bit images/],
    ['float32', -1, 1, /'-1,1' for values from -1 to 1/],
    ['float32', -2.1, 2.6, /black at 0 and white at 1.*'mean' and 'std'/],
  ] as const)('is asked for: %s from %f to %f', (type, low, high, message) => {
    expect(() => rangeOf({ name: 'x.npy', type }, scan(low, high))).toThrow(message);
  });

  it('is what the option says, where all values lie in it', () => {
    const given = { black: 0, white: 4095 };
    expect(rangeOf({ name: 'x.npy', type: 'uint16' }, scan(0, 200), given)).toBe(given);
    expect(() => rangeOf({ name: 'x.npy', type: 'uint16' }, scan(0, 4096), given)).toThrow(/4096 in image 7.*0,4095/);
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
