import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeFolder } from './make-folder.ts';

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'gimbal-make-folder-'));
});
afterAll(() => rm(root, { recursive: true }));

it('makes a folder with those above it, and leaves one that is there alone', async () => {
  const path = join(root, 'a', 'b', 'c');
  await makeFolder(path);
  await makeFolder(path);
  expect((await stat(path)).isDirectory()).toBe(true);
});

it('refuses what cannot be a folder by name', async () => {
  await writeFile(join(root, 'file'), '');
  await expect(makeFolder(join(root, 'file'))).rejects.toThrow(/file: cannot be written \(EEXIST\)/);
  await expect(makeFolder(join(root, 'file', 'below'))).rejects.toThrow(/cannot be written/);
});

it.skipIf(process.platform !== 'linux')('ends where the system takes no folders', async () => {
  await expect(makeFolder('/proc/gimbal/run')).rejects.toThrow(/cannot be written/);
});
