import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { encodeThumbnail } from './thumbnail.ts';
import { nodePlatform } from '../platform.ts';
import { writeReport } from '../../applications/evaluate/write-report.ts';

async function decode(url: string) {
  const { data, info } = await sharp(Buffer.from(url.split(',')[1], 'base64'))
    .raw()
    .toBuffer({ resolveWithObject: true });
  return {
    type: url.slice(5, url.indexOf(';')),
    width: info.width,
    height: info.height,
    channels: info.channels,
    pixels: [...data],
  };
}

it('keeps tiny images pixel by pixel', async () => {
  // Channel by channel: red 1 0, green 0 0.5, blue 0 1.2 (clipped).
  const url = await encodeThumbnail(Float32Array.of(1, 0, 0, 0.5, 0, 1.2), { channels: 3, height: 1, width: 2 });
  expect(await decode(url)).toEqual({
    type: 'image/png',
    width: 2,
    height: 1,
    channels: 3,
    pixels: [255, 0, 0, 0, 128, 255],
  });
});

it('encodes grey images, and shows large ones no larger than they are seen', async () => {
  const grey = await decode(
    await encodeThumbnail(new Float32Array(500 * 250).fill(0.5), { channels: 1, height: 250, width: 500 }),
  );
  expect([grey.type, grey.width, grey.height]).toEqual(['image/webp', 224, 112]);
});

it('writes both reports and leaves nothing else behind', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gimbal-report-'));
  try {
    await writeReport(nodePlatform, folder, {
      result: {
        gimbal: '0',
        model: { name: 'resnet', sha256: '' },
        data: { name: 'd', fingerprint: '' },
        n: 1,
        skipped: 0,
        attacks: {},
        evaluations: { made: 0, exhaustive: 0, byAttack: {} },
        warnings: [],
        seconds: 0,
      },
      setting: { box: { tx: 3, ty: 3, angle: 30 }, grid: { tx: 5, ty: 5, angle: 31 } },
      command: 'gimbal',
      configuration: [],
    });
    expect((await readdir(folder)).sort()).toEqual(['failures.csv', 'report.html', 'report.md']);
    expect(await readFile(join(folder, 'report.html'), 'utf8')).toMatch(/^<!doctype html>.*resnet.*<\/html>\n$/s);
  } finally {
    await rm(folder, { recursive: true });
  }
});
