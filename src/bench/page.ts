/*
 * The page of `gimbal view` in Chromium: from a cold start to the first paint and the first verdict, verdicts a second
 * while a picture is turned without a pause, the grid with two workers, and the same for a large model, with the
 * pictures a second that are drawn meanwhile.
 *
 *     npm run bench -- page [--model cifar10-robust-small] [--large MODEL.onnx] [--seconds 5] [--starts 3]
 */
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { closeBrowser, type PageHandle, settled, viewSite } from '../testing/view-page.ts';
import { median } from './median.ts';

declare const gimbal: PageHandle;

const { values: flags } = parseArgs({
  options: {
    model: { type: 'string', default: 'cifar10-robust-small' },
    large: { type: 'string' },
    seconds: { type: 'string', default: '5' },
    starts: { type: 'string', default: '3' },
  },
});
const MILLISECONDS = 1000 * Number(flags.seconds);

/** Each in a browser of its own, so that nothing is kept. */
async function coldStarts(times: number): Promise<void> {
  const [paints, verdicts]: number[][] = [[], []];
  for (let i = 0; i < times; i++) {
    const site = await viewSite({});
    const { page } = await site.open();
    const now = await page.waitForFunction(() =>
      gimbal.state.slots[0]?.state.verdict === undefined ? 0 : performance.now(),
    );
    verdicts.push((await now.jsonValue()) as number);
    paints.push((await page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")) as number);
    await site.close();
    await closeBrowser();
  }
  console.log(
    `cold start: first paint ${ms(median(paints))}, first verdict ${ms(median(verdicts))} (median of ${times})`,
  );
}

/** Turns the picture by a hundredth of a degree with every frame. */
function turning(page: Page): Promise<{ verdicts: number; frames: number; seconds: number }> {
  return page.evaluate(async (milliseconds) => {
    const [slot] = gimbal.state.slots;
    const before = slot.state.verdicts;
    const start = performance.now();
    let frames = 0;
    while (performance.now() - start < milliseconds) {
      await new Promise((resolve) => (globalThis as never as Frames).requestAnimationFrame(resolve));
      gimbal.moveTo({ tx: 0, ty: 0, angle: (frames++ % 500) / 100 });
    }
    return { verdicts: slot.state.verdicts - before, frames, seconds: (performance.now() - start) / 1000 };
  }, MILLISECONDS);
}

interface Frames {
  requestAnimationFrame(then: (time: number) => void): void;
}

async function measure(model: string, isWhole: boolean): Promise<void> {
  const site = await viewSite({ models: [model] });
  const { page } = await site.open();
  await settled(page);
  const during = await turning(page);
  if (isWhole)
    await page.waitForFunction(() => gimbal.state.slots[0].state.map?.isWhole, undefined, { timeout: 600_000 });
  const { verdicts, frames, seconds } = isWhole ? await turning(page) : during;
  console.log(
    `${model}: ${(verdicts / seconds).toFixed(1)} verdicts/s while it is ` +
      `turned${isWhole ? '' : ' and the map is measured'}, ` +
      `${(frames / seconds).toFixed(1)} frames/s`,
  );
  if (isWhole) {
    const grid = await page.evaluate(async () => {
      const { slots, shown, box } = gimbal.state;
      const { pixels, label } = shown!;
      const start = performance.now();
      await slots[0].desk.call('search', { attack: 'grid', box, threads: 2, pixels, label });
      return (performance.now() - start) / 1000;
    });
    console.log(`${model}: all 775 points of the grid in ${grid.toFixed(1)} s`);
  }
  await site.close();
}

function ms(value: number): string {
  return `${Math.round(value)} ms`;
}

await coldStarts(Number(flags.starts));
await measure(flags.model, true);
if (flags.large !== undefined) await measure(flags.large, false);
await closeBrowser();
