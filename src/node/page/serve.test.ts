import { connect } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type PageServer, servePage } from './serve.ts';

const FILES = new Map(
  Object.entries({ 'index.html': 'page', 'assets/a.js': 'script', 'images/7.f32': 'pixels' }).map(([path, text]) => [
    path,
    { type: 'text/plain', read: () => Promise.resolve(new TextEncoder().encode(text)) },
  ]),
);
FILES.set('gone', { type: 'text/plain', read: () => Promise.reject(new Error('/secret/path: gone')) });

let server: PageServer;
beforeAll(async () => {
  server = await servePage(FILES);
});
afterAll(() => server.close());

/** A request as it stands, which no client tidies up. */
async function raw(path: string): Promise<string> {
  const { port, host } = new URL(server.address);
  const socket = connect(Number(port), '127.0.0.1');
  socket.end(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
  let text = '';
  socket.on('data', (data: Buffer) => (text += data.toString('latin1')));
  await once(socket, 'close');
  return text;
}

it('serves what is in its table, with headers that isolate the page', async () => {
  const page = await fetch(server.address);
  expect([page.status, await page.text()]).toEqual([200, 'page']);
  expect(page.headers.get('cross-origin-opener-policy')).toBe('same-origin');
  expect(page.headers.get('cross-origin-embedder-policy')).toBe('require-corp');
  const policy = page.headers.get('content-security-policy');
  expect(policy).toMatch(/script-src 'self' 'wasm-unsafe-eval';/);
  expect(policy).not.toContain('unsafe-inline');
  expect(page.headers.get('cache-control')).toBe('no-store');
  expect((await fetch(`${server.address}assets/a.js`)).headers.get('cache-control')).toMatch(/immutable/);
  expect(await (await fetch(`${server.address}images/7.f32?x`)).text()).toBe('pixels');
  const head = await fetch(server.address, { method: 'HEAD' });
  expect([head.headers.get('content-length'), await head.text()]).toEqual(['4', '']);
});

it('has nothing else, by whatever path', async () => {
  for (const path of [
    '/../package.json',
    '/..%2f..%2fpackage.json',
    '/%2e%2e/package.json',
    '/assets/../../package.json',
    '//etc/passwd',
    '/etc/passwd',
    'http://127.0.0.1/index.html',
    '/images/8.f32',
    '/index.html/',
    '/__proto__',
    '/assets/',
  ])
    expect(await raw(path), path).toMatch(/^HTTP\/1\.1 404 /);
  expect(await raw('/\0')).toMatch(/^HTTP\/1\.1 400 /);
  expect(await raw(`/${'a'.repeat(10_000)}`)).toMatch(/^HTTP\/1\.1 431 /);
});

it('tells nothing of a file that cannot be read', async () => {
  const gone = await fetch(`${server.address}gone`);
  expect([gone.status, await gone.text()]).toEqual([500, '']);
});

it('names a port that is taken', async () => {
  const { port } = new URL(server.address);
  await expect(servePage(FILES, Number(port))).rejects.toMatchObject({
    kind: 'misuse',
    issue: { code: 'port-in-use', subject: `port: ${port}` },
  });
});
