import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { pack } from 'tar-stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GimbalError } from '../errors/error.ts';
import { idxFile, npyFile } from '../testing/data-files.ts';
import { openSource } from '../node/data/open.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gimbal-test-'));
});
afterAll(() => rm(folder, { recursive: true }));

const arrays = {
  'x.npy': npyFile(
    '|u1',
    '(2, 3, 3)',
    Uint8Array.from({ length: 18 }, (_, at) => 37 * at),
  ),
  'y.npy': npyFile('|u1', '(2,)', Uint8Array.of(0, 1)),
};
const stored = Buffer.from(zipSync(arrays, { level: 0 }));
const deflated = Buffer.from(zipSync(arrays));

/** What opening and reading ends in; that it ends at all is part of the test. */
async function outcome(name: string, content: Uint8Array): Promise<string> {
  await writeFile(join(folder, name), content);
  const opening = openSource(join(folder, name), { split: 'test' }).then(async (source) => {
    const images = await source.read(Array.from({ length: source.length }, (_, at) => at));
    await source.close();
    return images
      .map(({ pixels, label }) => `${[...pixels].map((value) => Math.round(255 * value)).join(' ')} is ${label}`)
      .join('; ');
  });
  const settled = opening.catch((error) => {
    if (error instanceof GimbalError && error.kind === 'misuse') return error.message;
    throw error;
  });
  const late = new Promise<string>((resolve) => setTimeout(resolve, 5000, 'never settles').unref());
  return Promise.race([settled, late]);
}

const WHOLE = '0 37 74 111 148 185 222 3 40 is 0; 77 114 151 188 225 6 43 80 117 is 1';

/**
 * The zip with a change at `at` behind the first signature of this kind: local header 0x04034b50, directory 0x02014b50.
 */
function patched(zip: Buffer, signature: number, at: number, change: (value: number) => number): Buffer {
  const copy = Buffer.from(zip);
  for (let place = 0; place < copy.length - 4; place++) {
    if (copy.readUInt32LE(place) !== signature) continue;
    copy.writeUInt16LE(change(copy.readUInt16LE(place + at)), place + at);
    break;
  }
  return copy;
}
const LOCAL = 0x04034b50;
const DIRECTORY = 0x02014b50;

describe('a zip archive', () => {
  it.each([
    ['stored', stored],
    ['deflated', deflated],
  ])('is read, %s', async (_, zip) => {
    expect(await outcome('x.npz', zip)).toBe(WHOLE);
  });

  it.each([
    ['stored', stored],
    ['deflated', deflated],
  ])('ends with a message wherever it is cut, %s', async (_, zip) => {
    for (let length = 0; length < zip.length; length += 3) {
      expect(await outcome('x.npz', zip.subarray(0, length))).toMatch(/x\.npz/);
    }
  });

  it.each([
    ['stored', stored],
    ['deflated', deflated],
  ])('never gives other pixels, whichever byte is changed, %s', async (_, zip) => {
    for (let at = 0; at < zip.length; at += 2) {
      const changed = Buffer.from(zip);
      changed[at] ^= 0x11;
      expect(await outcome('x.npz', changed), `byte ${at}`).toMatch(new RegExp(`^(${WHOLE}|.*x\\.npz.*)$`));
    }
  });

  it.each([
    [
      'a false checksum in both headers',
      patched(
        patched(stored, LOCAL, 14, (v) => v ^ 1),
        DIRECTORY,
        16,
        (v) => v ^ 1,
      ),
      /CRC-32/,
    ],
    ['sizes that differ', patched(deflated, LOCAL, 22, (v) => v + 1), /size \d+ in its own header and \d+/],
    [
      'a size that is too large',
      patched(
        patched(deflated, LOCAL, 22, (v) => v + 9),
        DIRECTORY,
        24,
        (v) => v + 9,
      ),
      /x\.npy: is/,
    ],
    [
      'another method in the directory',
      patched(deflated, DIRECTORY, 10, () => 0),
      /x\.npz: cannot be unpacked \(.*stored/,
    ],
    ['LZMA', patched(deflated, DIRECTORY, 10, () => 14), /packed by LZMA.*savez/],
    ['a method that nobody knows', patched(deflated, DIRECTORY, 10, () => 77), /packed by method 77/],
    ['encryption', patched(deflated, DIRECTORY, 8, (v) => v | 1), /is encrypted/],
    ['another name in its own header', patched(deflated, LOCAL, 30, (v) => v + 1), /another name/],
  ])('is refused with %s', async (_, zip, message) => {
    expect(await outcome('x.npz', zip)).toMatch(message);
  });

  it('is refused by its headers where it announces what does not fit', async () => {
    const many = npyFile('|u1', '(5000000,)', new Uint8Array(5e6));
    const zip = zipSync({ 'x.npy': arrays['x.npy'], 'y.npy': many }, { level: 1 });
    expect(await outcome('x.npz', zip)).toMatch(/y\.npy: holds 5000000 labels.*2 images/);
    const lying = zipSync({ 'x.npy': arrays['x.npy'], 'y.npy': npyFile('|u1', '(2,)', new Uint8Array(3)) });
    expect(await outcome('x.npz', lying)).toMatch(/y\.npy: is longer than it says/);
  });
});

describe('a gzipped file', () => {
  const images = idxFile(
    [2, 3, 3],
    Array.from({ length: 18 }, (_, at) => (37 * at) % 256),
  );
  const packed = gzipSync(images);
  beforeAll(() => writeFile(join(folder, 'a-labels-idx1-ubyte'), idxFile([2], [0, 1])));
  const name = 'a-images-idx3-ubyte.gz';

  it('is read, also with zeros behind its end and in several parts', async () => {
    expect(await outcome(name, packed)).toBe(WHOLE);
    expect(await outcome(name, Buffer.concat([packed, Buffer.alloc(700)]))).toBe(WHOLE);
    expect(await outcome(name, Buffer.concat([gzipSync(images.subarray(0, 20)), gzipSync(images.subarray(20))]))).toBe(
      WHOLE,
    );
  });

  it('ends with a message wherever it is cut, and never gives other pixels', async () => {
    for (let length = 0; length < packed.length; length++) {
      expect(await outcome(name, packed.subarray(0, length))).toMatch(/idx3-ubyte/);
    }
    for (let at = 0; at < packed.length; at++) {
      const changed = Buffer.from(packed);
      changed[at] ^= 0x11;
      expect(await outcome(name, changed), `byte ${at}`).toMatch(new RegExp(`^(${WHOLE}|.*idx3-ubyte.*)$`));
    }
  });

  it.each(['garbage', '\x1f\x8b', '\0\0\0x'])('is refused with %j behind its end', async (rest) => {
    expect(await outcome(name, Buffer.concat([packed, Buffer.from(rest, 'latin1')]))).toMatch(/idx3-ubyte\.gz: /);
  });

  it('is not unpacked beyond what its header announces', async () => {
    expect(await outcome(name, gzipSync(Buffer.concat([images, Buffer.alloc(1 << 20)])))).toMatch(
      /longer than it says/,
    );
  });
});

describe('a packed tar archive', () => {
  const tarOf = async (names: readonly string[]): Promise<Buffer> => {
    const tar = pack();
    for (const name of names) tar.entry({ name }, Buffer.alloc(3073, 1));
    tar.finalize();
    const parts: Uint8Array[] = [];
    for await (const part of tar) parts.push(part as Uint8Array);
    return Buffer.concat(parts);
  };

  it('ends with a message wherever it is cut, before packing and after', async () => {
    const tar = await tarOf(['readme', 'c/test_batch.bin']);
    expect(await outcome('c.tar.gz', gzipSync(tar))).toMatch(/^1 1 1/);
    for (let length = 0; length < 512 * 9; length += 256) {
      expect(await outcome('c.tar.gz', gzipSync(tar.subarray(0, length))), `tar of ${length}`).toMatch(/c\.tar\.gz/);
    }
    const packed = gzipSync(tar);
    for (let length = 0; length < packed.length; length += 2) {
      expect(await outcome('c.tar.gz', packed.subarray(0, length)), `gz of ${length}`).toMatch(/c\.tar\.gz/);
    }
  });

  it('is asked about where it holds a batch twice', async () => {
    expect(await outcome('c.tar.gz', gzipSync(await tarOf(['a/test_batch.bin', 'b/test_batch.bin'])))).toMatch(
      /several files named test_batch.bin/,
    );
  });
});
