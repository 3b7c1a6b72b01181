import { createHash } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { defaultCacheFolder } from './cache-folder.ts';
import { fetchFile } from './download.ts';
import { openSource } from './open.ts';
import type { DownloadProgress } from '../../data/open-options.ts';

const content = Buffer.alloc(300_000, 'gimbal');
const md5 = createHash('md5').update(content).digest('hex');
let server: Server;
let base: string;
let folder: string;
let requests: string[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    requests.push(request.url!);
    if (request.url === '/whole') response.setHeader('content-length', content.length).end(content);
    else if (request.url === '/other') response.end('something else');
    else if (request.url === '/cut') {
      response.setHeader('content-length', content.length).write(content.subarray(0, 1000));
      setTimeout(() => response.destroy(), 20);
    } else if (request.url === '/slow')
      response.setHeader('content-length', content.length).write(content.subarray(0, 1000));
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(async () => {
  requests = [];
  folder = await mkdtemp(join(tmpdir(), 'gimbal-test-'));
});
afterEach(() => rm(folder, { recursive: true }));

const file = (...paths: string[]) => ({ name: 'data.gz', md5, urls: paths.map((path) => base + path) });

describe('fetchFile', () => {
  it('downloads once, with progress', async () => {
    const seen: DownloadProgress[] = [];
    const path = await fetchFile(file('/whole'), join(folder, 'new'), {
      onProgress: (progress) => seen.push(progress),
    });
    expect((await readFile(path)).equals(content)).toBe(true);
    expect(seen.at(-1)).toEqual({ file: 'data.gz', received: content.length, total: content.length });
    expect(await fetchFile(file('/whole'), join(folder, 'new'), {})).toBe(path);
    expect(requests).toEqual(['/whole']);
  });

  it('goes on to the next place where one fails, and leaves nothing half done', async () => {
    await fetchFile(file('/missing', '/other', '/cut', '/whole'), folder, {});
    expect(requests).toEqual(['/missing', '/other', '/cut', '/whole']);
    expect(await readdir(folder)).toEqual(['data.gz']);
  });

  it('says which file to put where when none can be had', async () => {
    const error = await fetchFile(file('/missing', '/other'), folder, {}).catch((reason) => reason);
    expect(error).toMatchObject({ kind: 'failure', issue: { code: 'download-failed', subject: 'data.gz' } });
    expect(error.message).toMatch(/answers 404.*has MD5 [0-9a-f]{32}, the official file/);
    expect(error.issue.advice).toContain(`MD5 ${md5}, from ${base}/missing) at ${join(folder, 'data.gz')}`);
    expect(await readdir(folder)).toEqual([]);
    const offline = await fetchFile({ ...file(), urls: ['http://127.0.0.1:1/x'] }, folder, {}).catch(
      (reason) => reason,
    );
    expect(offline.message).toMatch(/could not be downloaded/);
  });

  it('refuses a file that is there but another', async () => {
    await writeFile(join(folder, 'data.gz'), 'something else');
    await expect(fetchFile(file('/whole'), folder, {})).rejects.toMatchObject({
      kind: 'misuse',
      issue: { code: 'wrong-checksum' },
    });
    expect(requests).toEqual([]);
  });

  it('stops when told to', async () => {
    const stop = new AbortController();
    const stopped = fetchFile(file('/slow', '/whole'), folder, { signal: stop.signal, onProgress: () => stop.abort() });
    await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
    expect(requests).toEqual(['/slow']);
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('public data by name', () => {
  it.each([
    ['mnist', 't10k-images-idx3-ubyte.gz'],
    ['fashion-mnist', 't10k-images-idx3-ubyte.gz'],
    ['cifar10', 'cifar-10-binary.tar.gz'],
  ])('%s is looked for in the cache folder, and checked', async (name, first) => {
    await fetchFile({ ...file('/whole'), name: first }, join(folder, name), {});
    const error = await openSource(name, { split: 'test', cacheFolder: folder }).catch((reason) => reason);
    expect(error).toMatchObject({
      kind: 'misuse',
      issue: { code: 'wrong-checksum', subject: join(folder, name, first) },
    });
  });
});

describe('defaultCacheFolder', () => {
  it.each([
    [{ GIMBAL_CACHE: '/data' }, 'linux', '/data'],
    [{}, 'linux', '/home/me/.cache/gimbal'],
    [{ XDG_CACHE_HOME: '/cache' }, 'linux', '/cache/gimbal'],
    [{ XDG_CACHE_HOME: '/cache' }, 'darwin', '/home/me/Library/Caches/gimbal'],
    [{ LOCALAPPDATA: '/local' }, 'win32', '/local/gimbal/Cache'],
  ] as const)('%o on %s: %s', (environment, platform, expected) => {
    expect(defaultCacheFolder(environment, platform, '/home/me')).toBe(expected);
  });
});
