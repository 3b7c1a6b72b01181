import { readFileSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAttack } from '../../attacks/create-attack.ts';
import { createAnswerer } from '../../evaluation/answer.ts';
import { settle } from '../../evaluation/settle.ts';
import { measureLandscape } from '../../evaluation/landscape.ts';
import { createBox } from '../../sets/box.ts';
import { type LinearModel, linearModel } from '../../testing/classifier.ts';
import { GraphBuilder } from '../../onnx/builder.ts';
import { writeModel } from '../../onnx/write.ts';
import { modelOf } from '../../testing/onnx.ts';
import {
  CHROMIUM,
  closeBrowser,
  type OpenPage,
  type PageHandle,
  settled,
  type Site,
  viewSite,
} from '../../testing/view-page.ts';
import { openClassifier } from '../runtime/open.ts';

declare const gimbal: PageHandle;

interface SearchOutcome {
  readonly robust: boolean;
  readonly worst: { readonly transformation: object };
  readonly breakingPoint?: number | null;
}

const SHAPE = { channels: 3, height: 8, width: 8 };
const TABLE: Record<string, Omit<LinearModel, 'shape' | 'classes'>> = {
  nchw: {},
  nhwc: { input: 'nhwc' },
  'flat-hwc': { input: 'flat-hwc' },
  'batch-2': { batch: 2 },
  float16: { type: 'float16', scores: 'float16' },
  bytes: { type: 'uint8' },
  softmax: { ending: 'Softmax' },
};
const HINTS: Record<string, string> = { 'flat-hwc': '{ "layout": "nhwc", "size": "3x8x8" }' };
const MOVED = { tx: 0.7, ty: -0.4, angle: 13 };

let folder: string;
let site: Site;
let opened: OpenPage;

describe.skipIf(CHROMIUM === undefined)('the page in Chromium', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gimbal-page-'));
    for (const [name, form] of Object.entries(TABLE)) {
      await writeFile(join(folder, `${name}.onnx`), linearModel({ shape: SHAPE, classes: 4, ...form }));
      if (HINTS[name] !== undefined) await writeFile(join(folder, `${name}.json`), HINTS[name]);
    }
    site = await viewSite({});
    opened = await site.open();
    await settled(opened.page);
  });
  afterAll(async () => {
    await site?.close();
    await closeBrowser();
    if (folder !== undefined) await rm(folder, { recursive: true });
  });

  test('is isolated, shows two models, asks nobody else and breaks none of its rules', async () => {
    const { page, requests, faults } = opened;
    expect(await page.evaluate('crossOriginIsolated')).toBe(true);
    expect(await page.locator('.card').count()).toBe(2);
    expect(requests.filter((url) => !url.startsWith(site.address) && !url.startsWith('blob:'))).toEqual([]);
    expect(faults).toEqual([]);
    // Without a GPU nothing of it is fetched.
    expect(await page.locator('.computed-by').first().innerText()).toBe('Computed by WebAssembly.');
    expect(requests.filter((url) => /webgpu|asyncify/.test(url))).toEqual([]);
  });

  describe('scores as Node scores', () => {
    let table: Site;
    let there: OpenPage;
    beforeAll(async () => {
      table = await viewSite({ models: Object.keys(TABLE).map((name) => join(folder, `${name}.onnx`)) });
      there = await table.open(undefined, '#model=nchw.onnx');
    });
    afterAll(() => table?.close());

    test.each(Object.keys(TABLE))('of a model in the form %s', async (name) => {
      const { page, faults } = there;
      await page.evaluate(
        async ([shown, t]) => {
          await gimbal.showModels([`${shown}.onnx`]);
          gimbal.moveTo(t);
        },
        [name, MOVED] as const,
      );
      await settled(page);
      const seen = await page.evaluate(async (transformation) => {
        const { slots, shown } = gimbal.state;
        const { pixels } = shown!;
        const scores = await slots[0].desk.call('classify', { pixels, transformation });
        return { name: slots[0].state.name, pixels: [...pixels], scores: [...scores] };
      }, MOVED);
      expect(seen.name).toBe(`${name}.onnx`);
      const classifier = await openClassifier({ model: join(folder, `${name}.onnx`), threads: 1 });
      const request = { images: [Float32Array.from(seen.pixels)], trials: [{ image: 0, transformations: [MOVED] }] };
      const scores = await classifier.logits(request);
      await classifier.close();
      expect(scores.length).toBe(4);
      scores.forEach((score, i) => expect(Math.abs(score - seen.scores[i])).toBeLessThan(1e-4));
      expect(faults).toEqual([]);
    });
  });

  test('the map and the attacks find what Node finds', async () => {
    const { page } = opened;
    await page.waitForFunction(() => gimbal.state.slots.every(({ state: { map } }) => map?.isWhole === true));
    const seen = await page.evaluate(async () => {
      const { slots, shown, box } = gimbal.state;
      const { pixels, label } = shown!;
      const found: Record<string, SearchOutcome> = {};
      for (const attack of ['grid', 'strongest', 'first-order', 'tolerance'])
        found[attack] = (await slots[0].desk.call('search', { attack, box, threads: 1, pixels, label })) as never;
      return { pixels: [...pixels], label, loss: [...slots[0].state.map!.loss], found };
    });
    const classifier = await openClassifier({ model: 'mnist-standard', threads: 2 });
    try {
      const shape = { channels: 1, height: 28, width: 28 };
      const target = { index: 0, pixels: Float32Array.from(seen.pixels), label: seen.label, shape };
      const box = createBox(shape, 30);
      const { loss } = await measureLandscape(classifier, target, box);
      expect(seen.loss.length).toBe(loss.length);
      loss.forEach((value, i) => expect(Math.abs(value - seen.loss[i])).toBeLessThan(1e-4));
      for (const [name, there] of Object.entries(seen.found)) {
        const attack = createAttack(name, { box, exhaustive: name === 'grid' || name === 'strongest' });
        const [findings] = await settle([target], [attack], createAnswerer(classifier));
        const { robust, worst, breakingPoint } = findings.get(name)!;
        expect({ name, robust, at: worst.transformation, breakingPoint }).toEqual({
          name,
          robust: there.robust,
          at: there.worst.transformation,
          breakingPoint: there.breakingPoint,
        });
      }
    } finally {
      await classifier.close();
    }
  });

  test('is dragged, turned and reset by mouse, wheel, keys and typed numbers', async () => {
    const { page } = opened;
    const where = () => page.evaluate(() => gimbal.state.transformation);
    await page.keyboard.press('Escape');
    await page.focus('#stage');
    await page.keyboard.press('0');
    const canvas = (await page.locator('.frame canvas').boundingBox())!;
    const unit = canvas.width / 28;
    const [x, y] = [canvas.x + canvas.width / 2, canvas.y + canvas.height / 2];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + 2 * unit, y - unit, { steps: 4 });
    await page.mouse.up();
    const dragged = await where();
    expect(dragged.tx).toBeCloseTo(2, 1);
    expect(dragged.ty).toBeCloseTo(-1, 1);
    expect(dragged.angle).toBe(0);

    const stage = (await page.locator('#stage').boundingBox())!;
    const radius = 0.46 * stage.width;
    const [cx, cy] = [stage.x + stage.width / 2, stage.y + stage.height / 2];
    await page.mouse.move(cx, cy - radius);
    await page.mouse.down();
    const turn = (20 * Math.PI) / 180;
    await page.mouse.move(cx - radius * Math.sin(turn), cy - radius * Math.cos(turn), { steps: 4 });
    await page.mouse.up();
    expect((await where()).angle).toBeCloseTo(20, 0);
    await page.mouse.wheel(0, 200);
    await expect.poll(async () => (await where()).angle).toBeCloseTo(15, 0);

    await page.focus('#stage');
    await page.keyboard.press('0');
    expect(await where()).toEqual({ tx: 0, ty: 0, angle: 0 });
    for (const key of ['ArrowRight', 'ArrowDown', '[', '[']) await page.keyboard.press(key);
    expect(await where()).toEqual({ tx: 0.5, ty: 0.5, angle: 2 });
    for (const key of ['ArrowLeft', 'ArrowUp', ']', ']', ']']) await page.keyboard.press(key);
    expect(await where()).toEqual({ tx: 0, ty: 0, angle: -1 });
    await page.getByLabel('Angle °').fill('12.5');
    expect((await where()).angle).toBe(12.5);
    await page.getByLabel('Angle °').fill('95');
    expect(await page.getByLabel('Angle °').getAttribute('aria-invalid')).toBe('true');
    expect((await where()).angle).toBe(12.5);
    await settled(page);
    expect(page.url()).toContain('tx=0&ty=0&angle=12.5');
    await page.focus('#stage');
    await page.keyboard.press('0');
  });

  test('takes dropped models and pictures, and names what is wrong with others', async () => {
    const { page, faults } = opened;
    const drop = (name: string, path: string): Promise<void> =>
      page
        .locator('input[type=file]')
        .first()
        .setInputFiles({ name, mimeType: '', buffer: readFileSync(path) });
    const shown = () => page.evaluate(() => gimbal.state.slots.map(({ state: { name } }) => name).join());
    await drop('own.onnx', join(folder, 'nhwc.onnx'));
    await expect.poll(shown).toBe('own.onnx');
    await settled(page);
    expect(await page.locator('.card').innerText()).toContain('own.onnx');

    await page
      .locator('input[type=file]')
      .first()
      .setInputFiles({
        name: 'damaged.onnx',
        mimeType: '',
        buffer: Buffer.from('this is no model'),
      });
    const refusal = page.locator('.card .message.error').first();
    await expect.poll(() => refusal.innerText()).toMatch(/^damaged\.onnx: .*ONNX/);
    expect(await refusal.innerText()).not.toMatch(/\n\s+at /);

    await page
      .locator('input[type=file]')
      .first()
      .setInputFiles({ name: 'a.txt', mimeType: '', buffer: Buffer.from('x') });
    await expect.poll(() => page.locator('[role=alert] .message').first().innerText()).toContain('a.txt: is neither');
    await page
      .locator('input[type=file]')
      .first()
      .setInputFiles({ name: 'bad.png', mimeType: '', buffer: Buffer.from('x') });
    await page.evaluate(() => gimbal.showModels(['mnist-standard']));
    await settled(page);
    await page
      .locator('input[type=file]')
      .first()
      .setInputFiles({ name: 'bad.png', mimeType: '', buffer: Buffer.from('x') });
    await expect
      .poll(() => page.locator('[role=alert] .message').first().innerText())
      .toContain('bad.png: cannot be decoded');
    expect(faults).toEqual([]);
  });

  test('tells of a model that gives no number where it gives none', async () => {
    const { page } = opened;
    const b = new GraphBuilder('holes');
    const flat = b.op('Flatten', [b.input('images', 'float32', ['N', 1, 28, 28])]);
    // 0 / 0 where the first pixel is black.
    const first = b.op('Slice', [flat, b.ints([0]), b.ints([1]), b.ints([1])]);
    b.outputAs('scores', b.op('Div', [flat, first]), 'float32', ['N', 784]);
    const buffer = Buffer.from(writeModel(modelOf(b.build(), 17)));
    await page.locator('input[type=file]').first().setInputFiles({ name: 'holes.onnx', mimeType: '', buffer });
    await page.waitForFunction(() => gimbal.state.slots[0]?.state.name === 'holes.onnx');
    await expect
      .poll(() => page.locator('.message.error').first().innerText())
      .toMatch(/^holes\.onnx: its output for the picture under \(tx .*\) is .*(NaN|infinite)/);
    expect(await page.locator('.verdict').count()).toBe(0);
    await page.evaluate(() => gimbal.showModels(['mnist-standard', 'mnist-w10-30']));
    await settled(page);
  });

  test('takes a folder whose folders are classes, and saves the picture before and after', async () => {
    const { page } = opened;
    await mkdir(join(folder, 'pictures', '4'), { recursive: true });
    await copyFile(
      new URL('../../page/pictures/digit-4.png', import.meta.url),
      join(folder, 'pictures', '4', 'mine.png'),
    );
    await page.locator('input[type=file]').nth(1).setInputFiles(join(folder, 'pictures'));
    await page.waitForFunction(() => gimbal.state.shown?.picture.name === 'mine.png');
    await settled(page);
    expect(await page.evaluate(() => gimbal.state.shown!.label)).toBe(4);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save as PNG' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('gimbal-mine-png.png');
    const { width, height } = await sharp(await download.path()).metadata();
    expect([width, height]).toEqual([2 * 336 + 3 * 24, 336 + 2 * 24 + 3 * 24]);
  });

  test('finds out how a dropped model is fed by pictures whose class is known', async () => {
    const { page, faults } = opened;
    // The channel of the highest mean, of a model that takes blue first: red is class 2.
    const b = new GraphBuilder('brightest');
    const pixels = b.input('images', 'float32', ['N', 3, 8, 8]);
    b.outputAs('scores', b.op('ReduceMean', [pixels], { axes: [2, 3], keepdims: 0 }), 'float32', ['N', 3]);
    const data = join(folder, 'colours');
    for (const [label, background] of ['#0000ff', '#00ff00', '#ff0000'].entries()) {
      await mkdir(join(data, String(label)), { recursive: true });
      const picture = sharp({ create: { width: 8, height: 8, channels: 3, background } }).png();
      await picture.toFile(join(data, String(label), `colour-${label}.png`));
    }
    await writeFile(join(data, 'brightest.onnx'), writeModel(modelOf(b.build(), 17)));
    await page.locator('input[type=file]').nth(1).setInputFiles(data);
    await page.waitForFunction(() => gimbal.state.slots[0]?.state.name === 'brightest.onnx');
    await page.getByText('How it is fed').first().click();
    await page.getByRole('button', { name: /Try the usual ways on 3 pictures/ }).click();
    const finder = page.locator('.finder');
    await expect
      .poll(() => finder.innerText())
      .toMatch(/now it gets 1 of 3 pictures right; by (scale: 0,255; )?bgr 3 of 3 pictures right/);
    await finder.getByRole('button', { name: 'Feed it so' }).click();
    await expect.poll(() => page.locator('.card').first().innerText()).toMatch(/margin (1|255) · loss/);
    expect(faults).toEqual([]);
  });
});
