import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { nodePlatform } from '../../node/platform.ts';
import { linearModel } from '../../testing/classifier.ts';
import type { Platform } from '../platform.ts';
import { inspectOn } from './inspect-model.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gimbal-feeding-'));
  await writeFile(join(folder, 'm.onnx'), linearModel({ shape: { channels: 1, height: 4, width: 4 }, classes: 2 }));
  for (const [name, side] of Object.entries({ large: 9, fitting: 4 }))
    for (const label of ['0', '1']) {
      await mkdir(join(folder, name, label), { recursive: true });
      for (let i = 0; i < 3; i++)
        await sharp(
          Uint8Array.from({ length: side * side }, (_, at) => (at * 37 * (i + 1)) % 256),
          {
            raw: { width: side, height: side, channels: 1 },
          },
        )
          .toColourspace('b-w')
          .png()
          .toFile(join(folder, name, label, `${i}.png`));
    }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it.each([
  ['large', 3],
  ['fitting', 1],
])('opens a folder of %s images once, in however many ways it brings them to size', async (name, ways) => {
  let opened = 0;
  const platform: Platform = {
    ...nodePlatform,
    images: {
      ...nodePlatform.images,
      open: (...given) => {
        opened++;
        return nodePlatform.images.open(...given);
      },
    },
  };
  const { search } = await inspectOn(platform, { model: join(folder, 'm.onnx'), data: join(folder, name) });
  const sizes = new Set(search!.found.map(({ options: { resize, crop } }) => `${resize} ${crop}`));
  expect([opened, sizes.size, search!.n]).toEqual([1, ways, 6]);
});
