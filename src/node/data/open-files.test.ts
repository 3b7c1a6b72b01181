import { mkdtemp, readlink, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { OpenFiles } from './open-files.ts';

/** Files that this process has open, where the system tells. */
async function openPaths(): Promise<string[]> {
  const names = await readdir('/proc/self/fd').catch(() => []);
  return Promise.all(names.map((name) => readlink(join('/proc/self/fd', name)).catch(() => '')));
}

test('a file that is still being opened when all are closed is closed too', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gimbal-open-files-'));
  try {
    const path = join(folder, 'batch.bin');
    await writeFile(path, 'bytes');
    const files = new OpenFiles();
    const opening = expect(files.plain(path)).rejects.toThrow('the files are closed already');
    await files.close();
    await opening;
    expect(await openPaths()).not.toContain(path);
  } finally {
    await rm(folder, { recursive: true });
  }
});
