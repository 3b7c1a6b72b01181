import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { type ViewRequest, showModels } from '../applications/view/show-models.ts';
import { showRun } from '../applications/view/show-run.ts';
import type { Exhibit } from '../applications/view/exhibit.ts';
import { nodePlatform } from '../node/platform.ts';
import { builtPage } from '../node/page/page-files.ts';
import { pageTable, servePage } from '../node/page/serve.ts';
import { CHROMIUM, type Graphics, startBrowser } from './browser.ts';

/** What tests reach of the page from inside: `Studio` of src/page, whose types tests cannot import. */
export interface PageHandle {
  readonly state: {
    readonly slots: readonly {
      readonly state: {
        readonly name: string;
        readonly error?: string;
        readonly verdicts: number;
        readonly computing: { readonly on: string; readonly apart?: number; readonly reason?: string };
        readonly verdict?: { readonly predicted: number; readonly loss: number; readonly margin: number };
        readonly verdictAt?: { readonly tx: number; readonly ty: number; readonly angle: number };
        readonly map?: { readonly isWhole: boolean; readonly loss: Float32Array; readonly correct: Uint8Array };
        readonly search?: {
          readonly kind: string;
          readonly result?: { readonly robust: boolean; readonly worst: object };
        };
      };
      readonly desk: { call(name: string, given: object): Promise<Float32Array> };
    }[];
    readonly box: object;
    readonly transformation: { readonly tx: number; readonly ty: number; readonly angle: number };
    readonly shown?: {
      readonly pixels: Float32Array;
      readonly label: number;
      readonly picture: { readonly name: string };
    };
    readonly message?: { readonly text: string };
  };
  showModels(names: readonly string[]): Promise<void>;
  setBox(box: { tx: number; ty: number; angle: number }): void;
  moveTo(t: { tx: number; ty: number; angle: number }): void;
}

declare const gimbal: PageHandle;

/** Waits until the page shows a verdict of what was asked for last. */
export async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const { slots, transformation: t, shown } = gimbal.state;
    return (
      shown !== undefined &&
      slots.length > 0 &&
      slots.every(({ state: { verdictAt: at } }) => at?.tx === t.tx && at.ty === t.ty && at.angle === t.angle)
    );
  });
}

/** A page in a browser, with what it asked for and what went wrong in it. */
export interface OpenPage {
  readonly page: Page;
  readonly requests: string[];
  /** Errors and offences against the page's policy. */
  readonly faults: string[];
}

export interface Site {
  readonly address: string;
  open(options?: Parameters<Browser['newContext']>[0], hash?: string): Promise<OpenPage>;
  close(): Promise<void>;
}

const browsers = new Map<Graphics, Promise<Browser>>();

/** Ends the browsers that `siteOf` started. */
export async function closeBrowser(): Promise<void> {
  for (const browser of browsers.values()) await (await browser).close();
  browsers.clear();
}

export { CHROMIUM };

export async function viewSite(request: Partial<ViewRequest>, graphics?: Graphics): Promise<Site> {
  const built = await builtPage();
  const all = {
    models: [],
    split: 'test',
    offset: 0,
    colour: 'keep',
    classesDiffer: 'ask',
    skipUnreadable: false,
  } as const;
  return siteOf(await showModels(nodePlatform, built.catalogue, { ...all, ...request }), graphics);
}

export async function runSite(folder: string): Promise<Site> {
  return siteOf(await showRun(nodePlatform, folder));
}

async function siteOf(exhibit: Exhibit, graphics?: Graphics): Promise<Site> {
  const server = await servePage(pageTable(await builtPage(), exhibit));
  const close = async (): Promise<void> => {
    await server.close();
    await exhibit.close();
  };
  return siteAt(server.address, close, graphics);
}

/** What a host answers. */
interface Hosted {
  readonly type?: string;
  read(): Promise<string | Uint8Array>;
}

/**
 * A host that knows nothing of the page: under a path, without a header of ours.
 * @param find what lies at a path below it
 */
export async function hostAt(path: string, find: (asked: string) => Hosted | undefined): Promise<Site> {
  const server = createServer((request, response) => {
    const file = find((request.url ?? '').slice(path.length));
    if (file === undefined) return response.writeHead(404).end();
    const headers = file.type === undefined ? {} : { 'Content-Type': file.type };
    void file.read().then((content) => response.writeHead(200, headers).end(content));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return siteAt(`http://127.0.0.1:${port}${path}`, async () => void server.close());
}

async function siteAt(address: string, close: () => Promise<void>, graphics: Graphics = 'none'): Promise<Site> {
  const browser = browsers.get(graphics) ?? startBrowser(graphics);
  browsers.set(graphics, browser);
  const started = await browser;
  const contexts: BrowserContext[] = [];
  return {
    address,
    async open(options, hash = '') {
      const context = await started.newContext({ viewport: { width: 1280, height: 900 }, ...options });
      contexts.push(context);
      const page = await context.newPage();
      const [requests, faults]: [string[], string[]] = [[], []];
      context.on('request', (sent) => void requests.push(sent.url()));
      page.on('pageerror', (error) => void faults.push(String(error)));
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') faults.push(message.text());
      });
      await page.goto(`${address}${hash}`);
      return { page, requests, faults };
    },
    async close() {
      for (const context of contexts) await context.close();
      await close();
    },
  };
}
