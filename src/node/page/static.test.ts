import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHROMIUM, closeBrowser, hostAt, type PageHandle, settled, type Site } from '../../testing/view-page.ts';
import { builtPage } from './page-files.ts';

declare const gimbal: PageHandle;

describe.skipIf(CHROMIUM === undefined)('the page on a static host', () => {
  let site: Site;
  beforeAll(async () => {
    const { files } = await builtPage();
    site = await hostAt('/some/where/', (asked) => files.get(asked === '' ? 'index.html' : asked));
  });
  afterAll(async () => {
    await site?.close();
    await closeBrowser();
  });

  test('works without isolation, on a narrow screen, and asks nobody else', async () => {
    const { page, requests, faults } = await site.open({
      viewport: { width: 360, height: 740 },
      colorScheme: 'dark',
      reducedMotion: 'reduce',
    });
    await settled(page);
    expect(await page.evaluate('crossOriginIsolated')).toBe(false);
    await page.waitForFunction(() => gimbal.state.slots.every(({ state: { map } }) => map?.isWhole === true));
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
    await page.getByRole('button', { name: 'Find the worst' }).click();
    await page.waitForFunction(() => gimbal.state.slots.every(({ state: { search } }) => search?.kind === 'found'));
    const fell = await page.evaluate(() => gimbal.state.slots.map(({ state: { search } }) => !search!.result!.robust));
    expect(fell).toEqual([true, false]);
    expect(requests.filter((url) => !url.startsWith(site.address) && !url.startsWith('blob:'))).toEqual([]);
    expect(faults).toEqual([]);
  });
});
