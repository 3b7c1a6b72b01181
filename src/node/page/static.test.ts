import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHROMIUM, closeBrowser, type PageHandle, settled, type Site, siteAt } from '../../testing/view-page.ts';
import { builtPage } from './page-files.ts';

declare const gimbal: PageHandle;

/** A host that knows nothing of the page: under a path, without a header of ours. */
async function staticHost(path: string): Promise<Server> {
  const { files } = await builtPage();
  const server = createServer((request, response) => {
    const asked = (request.url ?? '').slice(path.length);
    const file = files.get(asked === '' ? 'index.html' : asked);
    if (file === undefined) return response.writeHead(404).end();
    void file.read().then((bytes) => response.writeHead(200, { 'Content-Type': file.type }).end(bytes));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

describe.skipIf(CHROMIUM === undefined)('the page on a static host', () => {
  let site: Site;
  beforeAll(async () => {
    const server = await staticHost('/some/where/');
    const { port } = server.address() as AddressInfo;
    site = await siteAt(`http://127.0.0.1:${port}/some/where/`, async () => void server.close());
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
