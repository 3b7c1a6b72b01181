import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import fc from 'fast-check';
import sharp from 'sharp';
import { pack } from 'tar-stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { GimbalError } from '../errors/error.ts';
import { openSource } from '../node/data/open.ts';

let root: string;
/** A data set of each kind: the path to open, the file that gets damaged, the whole content of it. */
let kinds: { open: string; damage: string; content: Uint8Array }[];

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'gimbal-test-'));
  const idx = (header: number[], length: number) => Uint8Array.of(0, 0, 8, ...header, ...Array(length).fill(1));
  const images = idx([3, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 3], 18);
  const batch = new Uint8Array(2 * 3073).fill(5);
  const arrays = { 'x.npy': npy('(2, 3, 3)', 18), 'y.npy': npy('(2,)', 2) };
  const png = await sharp(Buffer.alloc(192, 90), { raw: { width: 8, height: 8, channels: 3 } })
    .png()
    .toBuffer();
  const tar = pack();
  tar.entry({ name: 'cifar-10-batches-bin/test_batch.bin' }, Buffer.from(batch));
  tar.finalize();
  const pieces: Uint8Array[] = [];
  for await (const piece of tar) pieces.push(piece as Uint8Array);

  await put('idx/labels-idx1-ubyte', idx([1, 0, 0, 0, 2], 2));
  await put('idxz/labels-idx1-ubyte', idx([1, 0, 0, 0, 2], 2));
  await put('npy/y.npy', arrays['y.npy']);
  await put('csv/a.png', png);
  const single = (damage: string, content: Uint8Array) => ({ open: damage, damage, content });
  kinds = [
    single('idx/images-idx3-ubyte', images),
    single('idxz/images-idx3-ubyte.gz', gzipSync(images)),
    single('npy/x.npy', arrays['x.npy']),
    single('stored.npz', zipSync(arrays, { level: 0 })),
    single('deflated.npz', zipSync(arrays)),
    single('test_batch.bin', batch),
    single('cifar.tar.gz', gzipSync(Buffer.concat(pieces))),
    single('csv/list.csv', Buffer.from('path,label\na.png,1\na.png,0\n')),
    { open: 'folder', damage: 'folder/class/a.png', content: png },
  ];
});
afterAll(() => rm(root, { recursive: true }));

it('reads whole data of each kind', async () => {
  for (const { open, damage, content } of kinds) {
    await put(damage, content);
    expect(await readAll(open)).toBeUndefined();
  }
});

it('meets damaged data of any kind with one error that names what is wrong', async () => {
  const damages = fc.record({
    kind: fc.nat(8),
    cut: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
    changes: fc.array(fc.record({ at: fc.double({ min: 0, max: 0.999, noNaN: true }), value: fc.nat(255) }), {
      maxLength: 4,
    }),
  });
  await fc.assert(
    fc.asyncProperty(damages, async ({ kind, cut, changes }) => {
      const { open, damage, content } = kinds[kind];
      const bytes = content.slice(0, cut === null ? content.length : Math.floor(cut * content.length));
      for (const { at, value } of changes) if (bytes.length > 0) bytes[Math.floor(at * bytes.length)] = value;
      await put(damage, bytes);
      const error = await readAll(open);
      // The damage may fall where it does not matter, or change one valid value to another.
      if (error === undefined) return;
      expect(error).toBeInstanceOf(GimbalError);
      expect(error).toMatchObject({ kind: 'misuse' });
    }),
    { numRuns: 300 },
  );
});

async function put(path: string, content: Uint8Array): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), content);
}

async function readAll(path: string): Promise<unknown> {
  try {
    const source = await openSource(join(root, path), { split: 'test' });
    try {
      await source.read(Array.from({ length: source.length }, (_, position) => position));
    } finally {
      await source.close();
    }
  } catch (error) {
    return error;
  }
}

function npy(shape: string, length: number): Uint8Array {
  const header = `{'descr': '|u1', 'fortran_order': False, 'shape': ${shape}, }\n`;
  return Buffer.concat([
    Buffer.from('\x93NUMPY\x01\x00', 'latin1'),
    Buffer.from([header.length, 0]),
    Buffer.from(header),
    Buffer.alloc(length, 1),
  ]);
}
