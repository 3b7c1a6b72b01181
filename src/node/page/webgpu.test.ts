import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { crossEntropy } from '../../statistics/cross-entropy.ts';
import { linearModel } from '../../testing/classifier.ts';
import { CHROMIUM, closeBrowser, type PageHandle, settled, type Site, viewSite } from '../../testing/view-page.ts';
import { openClassifier } from '../runtime/open.ts';

declare const gimbal: PageHandle;

const MOVED = { tx: 0.75, ty: -0.5, angle: 13 };
const SCENE = 'model=linear.onnx&picture=digit-4&tx=0.75&ty=-0.5&angle=13';

// The adapter is the processor: what it computes is what a GPU computes, only later.
describe.skipIf(CHROMIUM === undefined)('the page where there is WebGPU', () => {
  let site: Site;
  let folder: string;
  let model: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gimbal-webgpu-'));
    model = join(folder, 'linear.onnx');
    // Of few operators: the processor takes its time to make each of them ready.
    await writeFile(model, linearModel({ shape: { channels: 1, height: 28, width: 28 }, classes: 10 }));
    site = await viewSite({ models: [model] }, 'software');
  });
  afterAll(async () => {
    await site?.close();
    if (folder !== undefined) await rm(folder, { recursive: true });
    await closeBrowser();
  });

  test('says why WebAssembly computes, and computes by WebGPU what Node computes where it is asked to', async ({
    skip,
  }) => {
    const usual = await site.open(undefined, `#${SCENE}`);
    await settled(usual.page);
    const adapter = await usual.page.evaluate('navigator.gpu?.requestAdapter().then((found) => found !== null)');
    if (adapter !== true) skip('WebGPU is not tested: this Chromium has no software adapter.');
    const told = usual.page.locator('.computed-by');
    await expect
      .poll(() => told.innerText())
      .toBe('Computed by WebAssembly: WebGPU would be computed by the processor as well.');
    expect(usual.requests.filter((url) => url.includes('asyncify'))).toEqual([]);
    await usual.page.close();

    const { page, requests, faults } = await site.open(undefined, `#${SCENE}&runtime=webgpu`);
    await settled(page);
    // A map of a single point: the processor is slow at this.
    await page.evaluate(() => gimbal.setBox({ tx: 0, ty: 0, angle: 0 }));
    await page.waitForFunction(() => gimbal.state.slots[0].state.computing.on === 'webgpu', undefined, {
      timeout: 60_000,
    });
    expect(await page.locator('.computed-by').innerText()).toMatch(
      /^Computed on the GPU by WebGPU \(.*swiftshader.*\)\.$/,
    );
    expect(page.url()).toContain('runtime=webgpu');
    const seen = await page.evaluate(async (transformation) => {
      const { slots, shown } = gimbal.state;
      const { pixels, label } = shown!;
      const scores = await slots[0].desk.call('classify', { pixels, transformation });
      // On the worker that answers many at once.
      const box = { tx: 0, ty: 0, angle: 30 };
      const found = await slots[0].desk.call('search', { attack: 'worst-of-5', box, threads: 1, pixels, label });
      return {
        pixels: [...pixels],
        scores: [...scores],
        found: found as unknown as { worst: { loss: number; transformation: object } },
        label,
      };
    }, MOVED);
    const classifier = await openClassifier({ model, threads: 1 });
    try {
      const images = [Float32Array.from(seen.pixels)];
      const scoresAt = (transformation: object) =>
        classifier.logits({ images, trials: [{ image: 0, transformations: [transformation as typeof MOVED] }] });
      const scores = await scoresAt(MOVED);
      scores.forEach((score, i) => expect(Math.abs(score - seen.scores[i])).toBeLessThan(1e-4));
      const { worst } = seen.found;
      const at = await scoresAt(worst.transformation);
      expect(Math.abs(crossEntropy(at, 0, 10, seen.label) - worst.loss)).toBeLessThan(1e-4);
    } finally {
      await classifier.close();
    }
    expect(requests.filter((url) => !url.startsWith(site.address) && !url.startsWith('blob:'))).toEqual([]);
    expect(faults).toEqual([]);
  }, 120_000);
});
