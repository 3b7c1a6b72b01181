import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { gimbal, type Said } from '../../testing/gimbal.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'gimbal-test-'));
});
afterAll(() => rm(root, { recursive: true }));

const COUNT = 40;
const path = (image: number) => join(root, 'data', String(image % 10), `${String(image).padStart(2, '0')}.png`);
const noisy = (image: number): Promise<Buffer> =>
  sharp(
    Uint8Array.from({ length: 784 }, (_, at) => (at * (image + 3) * 31) % 256),
    {
      raw: { width: 28, height: 28, channels: 1 },
    },
  )
    .toColourspace('b-w')
    .png()
    .toBuffer();

function evaluate(out: string, ...more: string[]): Promise<Said> {
  const data = ['--data', join(root, 'data'), '--out', join(root, out)];
  const what = ['--attacks', 'natural,grid', '--grid', '1x1x3', '--exhaustive', '--threads', '1', '--landscapes', '0'];
  return gimbal('evaluate', 'mnist-standard', ...data, ...what, ...more);
}

const FILES = ['images.jsonl', 'images.jsonl.crc32', 'losses-grid.npy', 'losses-grid.npy.crc32'];
const contents = async (out: string): Promise<string[]> =>
  Promise.all(FILES.map(async (name) => (await readFile(join(root, out, name))).toString('base64')));

it('leaves out an image that turns out to be unreadable, and is completed when it is mended', async () => {
  for (let image = 0; image < COUNT; image++) {
    await mkdir(join(path(image), '..'), { recursive: true });
    await writeFile(path(image), await noisy(image));
  }
  expect((await evaluate('whole')).code).toBe(0);

  // The head is whole, the pixels are not: known only when its turn comes. The first image and one in the middle.
  for (const image of [0, 17]) {
    const whole = await noisy(image);
    await writeFile(path(image), whole.subarray(0, whole.length / 2));
  }
  const first = await evaluate('mended');
  expect(first.error).toMatch(/2 images are missing.*Mend them and give the same command again/);
  expect(first.error).toMatch(/Left out, because it could not be read: image 0, .*00\.png \(/);
  expect(first.out).toMatch(/38 images \(2 unreadable left out\)/);
  expect(first.code).toBe(2);
  // A finished run is shown again; accepted, it ends well, in the same folder.
  expect((await evaluate('mended')).code).toBe(2);
  expect((await evaluate('mended', '--skip-unreadable')).code).toBe(0);

  await writeFile(path(17), await noisy(17));
  expect((await evaluate('mended')).error).toMatch(/1 image is missing/);
  await writeFile(path(0), await noisy(0));
  const last = await evaluate('mended');
  expect([last.code, last.error.includes('missing')]).toEqual([0, false]);
  expect(await contents('mended')).toEqual(await contents('whole'));
  expect((await readdir(join(root, 'mended'))).filter((name) => /new|swap|unreadable/.test(name))).toEqual([]);
  const result = async (out: string) => ({
    ...JSON.parse(await readFile(join(root, out, 'result.json'), 'utf8')),
    seconds: 0,
    checksum: undefined,
  });
  expect((await result('mended')).attacks).toEqual((await result('whole')).attacks);
  expect((await evaluate('mended')).code).toBe(0);
});

it('refuses a folder with another image than it was measured with', async () => {
  await writeFile(path(5), await noisy(77));
  expect((await evaluate('whole')).error).toMatch(/another configuration \(data.fingerprint/);
  await writeFile(path(5), await noisy(5));
  expect((await evaluate('whole')).code).toBe(0);
});

it('refuses at the start what has no image at its head, and goes on without it when told', async () => {
  await writeFile(path(9), 'no image');
  expect(await evaluate('other')).toMatchObject({ code: 2, error: expect.stringMatching(/09\.png: cannot be read/) });
  expect((await evaluate('other', '--skip-unreadable')).code).toBe(0);
  await writeFile(path(9), await noisy(9));
  expect((await evaluate('other')).code).toBe(0);
  expect(await contents('other')).toEqual(await contents('whole'));
});
