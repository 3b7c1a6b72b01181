import { writeFileSync } from 'node:fs';
import sharp from 'sharp';
import { closeBrowser, settled, viewSite } from '../../dist/testing/view-page.js';

/*
 * Makes the picture of the page that README shows, in Chromium: `node tools/page/picture.js`
 */
const SCENE = '#model=cifar10-standard&model=cifar10-robust-small&picture=drawn-ship&tx=1&ty=0&angle=-24';

const site = await viewSite({});
const { page } = await site.open({ viewport: { width: 1240, height: 700 } }, SCENE);
await settled(page);
await page.waitForFunction(() => globalThis.gimbal.state.slots.every(({ state: { map } }) => map?.isWhole), undefined, {
  timeout: 600_000,
});
const shot = await page.screenshot();
const picture = await sharp(shot).png({ palette: true, colours: 128, compressionLevel: 9 }).toBuffer();
writeFileSync(new URL('../../docs/images/view.png', import.meta.url), picture);
await site.close();
await closeBrowser();
