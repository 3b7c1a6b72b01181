import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseHTML } from 'linkedom';
import { expect, it } from 'vitest';
import { CHROMIUM, startBrowser } from '../testing/browser.ts';
import { renderHtml } from './render-html.ts';
import type { ReportInput } from './report-input.ts';

const PIXEL =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=';
const frames = [-30, 0, 12, 30].map((angle) => ({
  transformation: { tx: 0, ty: 0, angle },
  predicted: Number(angle > 10),
  loss: angle > 10 ? 4.5 : 0.5,
  picture: PIXEL,
}));
const input: ReportInput = {
  result: {
    gimbal: '0',
    model: { name: 'm', sha256: '' },
    data: { name: 'd', fingerprint: '' },
    n: 1,
    skipped: 0,
    attacks: { grid: { correct: 0, n: 1, accuracy: 0, interval: [0, 0.8] } },
    evaluations: { made: 1, exhaustive: 1, byAttack: {} },
    warnings: [],
    seconds: 1,
  },
  setting: { box: { tx: 0, ty: 0, angle: 30 } },
  command: '',
  configuration: [],
  classNames: ['cat', 'dog'],
  examples: [
    {
      ...frames[2],
      index: 0,
      label: 0,
      prediction: 0,
      attack: 'grid',
      kind: 'smallest',
      original: PIXEL,
      transformed: PIXEL,
      frames,
    },
  ],
};

// The page's own policy lets its script run, and nothing else.
it.skipIf(CHROMIUM === undefined)(
  'is moved by keys, is whole without a script, and prints without a slider',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gimbal-report-'));
    await writeFile(join(folder, 'report.html'), renderHtml(input, parseHTML('<html></html>').document));
    const browser = await startBrowser();
    try {
      const open = async (javaScriptEnabled: boolean) => {
        const context = await browser.newContext({ javaScriptEnabled, viewport: { width: 390, height: 800 } });
        const page = await context.newPage();
        await page.goto(`file://${join(folder, 'report.html')}`);
        return page;
      };
      const page = await open(true);
      const range = page.getByRole('slider', { name: 'Angle' });
      const told = () => page.locator('.example').innerText();
      expect(await told()).toContain('Smallest that fools: 12° counter-clockwise');
      await range.focus();
      await page.keyboard.press('ArrowLeft');
      expect(await told()).toMatch(/as it is\s+right, loss 0.5/);
      expect(await range.getAttribute('aria-valuetext')).toMatch(/^as it is.*61.%.*cat$/s);
      await page.keyboard.press('End');
      expect(await told()).toMatch(/dog[^]*30° counter-clockwise\s+wrong, loss 4.5/);
      expect(await page.locator('.pair img:visible').count()).toBe(2);
      const wide = () => page.evaluate('document.documentElement.scrollWidth') as Promise<number>;
      expect(await wide()).toBeLessThanOrEqual(390);
      await page.emulateMedia({ media: 'print' });
      expect([await range.isVisible(), await page.locator('.bars').isVisible()]).toEqual([false, true]);

      const bare = await open(false);
      expect(await bare.locator('.example').innerText()).toContain('Smallest that fools: 12° counter-clockwise');
      expect(await bare.locator('input').isVisible()).toBe(false);
      expect(await bare.locator('.pair img:visible').count()).toBe(2);
    } finally {
      await browser.close();
      await rm(folder, { recursive: true });
    }
  },
);
