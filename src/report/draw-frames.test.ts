import { expect, it } from 'vitest';
import { arraySource } from '../data/array-source.ts';
import { createWarp } from '../transform/warp.ts';
import type { ReportSources } from './build-report.ts';
import { frameDrawer } from './draw-frames.ts';

const shape = { channels: 1, height: 1, width: 3 };
const source = arraySource({ images: [Float32Array.of(0, 1, 0), Float32Array.of(0, 0, 1)], labels: [0, 0], shape });
const right = (tx: number) => ({ tx, ty: 0, angle: 0 });
const verdict = (tx: number, loss: number) => ({ transformation: right(tx), predicted: 0, loss });
const shown = { kind: 'smallest', transformation: right(1), predicted: 1, loss: 2 } as const;

function drawerOf(most?: number) {
  const sources = {
    source,
    warp: createWarp(shape),
    encode: async (pixels: Float32Array, _: unknown, size = 'full') => `${size}:${pixels.join('')}`,
    sweep: async () =>
      new Map([0, 1].map((index) => [index, [verdict(-1, 0.1), verdict(0, 0.2), verdict(1, 0.3)]] as const)),
  } as Partial<ReportSources> as ReportSources;
  return frameDrawer(sources, most);
}
const asked = [
  { image: { index: 0, label: 0, pixels: Float32Array.of(0, 1, 0) }, shown },
  { image: { index: 1, label: 0, pixels: Float32Array.of(0, 0, 1) }, shown },
];

it('draws the image under each transformation, the one that is shown larger and as it is told', async () => {
  const [first, second] = await drawerOf()('grid', asked);
  expect(first).toEqual([
    { ...verdict(-1, 0.1), picture: 'small:100' },
    { ...verdict(0, 0.2), picture: 'small:010' },
    { transformation: right(1), predicted: 1, loss: 2, picture: 'full:001' },
  ]);
  expect(second).toHaveLength(3);
});

it('draws as many as the bytes allow, the first ones', async () => {
  // An image takes 9 + 9 + 8.
  for (const [most, drawn] of [
    [25, [false, false]],
    [26, [true, false]],
    [52, [true, true]],
  ] as const)
    expect((await drawerOf(most)('grid', asked)).map((frames) => frames !== undefined)).toEqual(drawn);
});
