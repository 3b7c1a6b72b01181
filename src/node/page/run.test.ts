import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ImageRecord } from '../../evaluation/records.ts';
import { linearModel } from '../../testing/classifier.ts';
import { writeIdxFolder } from '../../testing/data-files.ts';
import { CHROMIUM, closeBrowser, type PageHandle, runSite, settled, type Site } from '../../testing/view-page.ts';
import { evaluate } from '../library/evaluate.ts';

declare const gimbal: PageHandle;

let folder: string;
let records: ImageRecord[];

async function evaluated(): Promise<void> {
  const model = join(folder, 'model.onnx');
  await writeFile(model, linearModel({ shape: { channels: 1, height: 8, width: 8 }, classes: 3 }));
  await writeIdxFolder(join(folder, 'data'), 12, 8, 3);
  await evaluate({ model, data: join(folder, 'data'), attacks: 'natural,grid', threads: 1, out: join(folder, 'run') });
  const text = await readFile(join(folder, 'run', 'images.jsonl'), 'utf8');
  records = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as ImageRecord);
}

describe('a run on a page', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gimbal-page-run-'));
    await evaluated();
  });
  afterAll(async () => {
    await closeBrowser();
    await rm(folder, { recursive: true });
  });

  test('is refused where its model or its data are others by now', async () => {
    const model = join(folder, 'model.onnx');
    const before = await readFile(model);
    await writeFile(model, linearModel({ shape: { channels: 1, height: 8, width: 8 }, classes: 3, batch: 4 }));
    const refused = { kind: 'misuse', issue: { code: 'run-changed' } };
    await expect(runSite(join(folder, 'run'))).rejects.toMatchObject(refused);
    await writeFile(model, before);
    await expect(runSite(folder)).rejects.toMatchObject({ issue: { code: 'not-a-run-folder' } });
  });

  describe.skipIf(CHROMIUM === undefined)('in Chromium', () => {
    let site: Site;
    beforeAll(async () => {
      site = await runSite(join(folder, 'run'));
    });
    afterAll(() => site?.close());

    test('lists its images, filters and sorts them, and shows the worst that was found', async () => {
      const { page, faults } = await site.open();
      await settled(page);
      const images = page.locator('.images button');
      expect(await images.count()).toBe(records.length);
      // The highest loss comes first.
      const [worst] = [...records].sort((a, b) => b.attacks.grid.loss - a.attacks.grid.loss);
      await images.first().click();
      // By its name: the image that was shown before may be of the same class.
      await page.waitForFunction((name) => gimbal.state.shown?.picture.name === name, `image ${worst.index}`);
      await settled(page);
      const shown = await page.evaluate(() => {
        const { slots, transformation, shown: there } = gimbal.state;
        return { at: transformation, name: there!.picture.name, verdict: slots[0].state.verdict! };
      });
      const [tx, ty, angle] = worst.attacks.grid.worst;
      expect(shown.name).toBe(`image ${worst.index}`);
      expect(shown.at).toEqual({ tx, ty, angle });
      expect(shown.verdict.predicted).toBe(worst.attacks.grid.predicted);
      expect(shown.verdict.loss).toBeCloseTo(worst.attacks.grid.loss, 4);

      const fooled = records.filter((r) => r.prediction === r.label && !r.attacks.grid.robust);
      await page.locator('.gallery select').nth(1).selectOption('fooled');
      expect(await images.count()).toBe(fooled.length);
      await page.locator('.gallery select').nth(1).selectOption('all');
      await page.locator('.gallery select').nth(2).selectOption('1');
      expect(await images.count()).toBe(records.filter(({ label }) => label === 1).length);
      expect(faults).toEqual([]);
    });

    test('serves nothing but its images', async () => {
      for (const path of ['images.jsonl', 'run/images.jsonl', 'images/12.f32', 'config.json', 'models/../config.json'])
        expect((await fetch(`${site.address}${path}`)).status, path).toBe(404);
      expect((await fetch(`${site.address}images/11.f32`)).headers.get('content-length')).toBe('256');
    });
  });
});
