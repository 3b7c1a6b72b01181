import { existsSync } from 'node:fs';
import type { Browser } from 'playwright-core';

const PLACES = [
  process.env.GIMBAL_CHROMIUM ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** The browser that tests of pages run in; undefined where there is none. */
export const CHROMIUM = PLACES.find((path) => path !== '' && existsSync(path));

/** What it computes graphics with: nothing, or a WebGPU adapter that is the processor. */
export type Graphics = 'none' | 'software';

const FLAGS: Readonly<Record<Graphics, readonly string[]>> = {
  none: ['--disable-gpu'],
  software: ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'],
};

/** Starts it without a window. The sandbox takes rights that a container's root lacks; nothing foreign is opened. */
export async function startBrowser(graphics: Graphics = 'none'): Promise<Browser> {
  const { chromium } = await import('playwright-core');
  return chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', ...FLAGS[graphics]] });
}
