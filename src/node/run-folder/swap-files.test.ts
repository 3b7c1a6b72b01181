import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { finishSwap, newName, swapFiles } from './swap-files.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gimbal-swap-'));
  for (const name of ['a', 'b']) {
    await writeFile(join(folder, name), 'old');
    await writeFile(join(folder, newName(name)), 'new');
  }
});
afterEach(() => rm(folder, { recursive: true }));

const contents = () => Promise.all(['a', 'b'].map((name) => readFile(join(folder, name), 'utf8')));

it('puts all new files in the place of the old ones, and leaves nothing else', async () => {
  await swapFiles(folder, ['a', 'b']);
  expect(await contents()).toEqual(['new', 'new']);
  expect((await readdir(folder)).sort()).toEqual(['a', 'b']);
});

it.each([{ format: 'gimbal-swap-1', names: ['a', 'b'] }, ['a', 'b']])(
  'finishes one that was cut off, also as version 0.1.0 noted it: %j',
  async (noted) => {
    await writeFile(join(folder, 'swap.json'), JSON.stringify(noted));
    await finishSwap(folder);
    expect(await contents()).toEqual(['new', 'new']);
  },
);

it('leaves what a newer version noted, and says so', async () => {
  await writeFile(join(folder, 'swap.json'), JSON.stringify({ format: 'gimbal-swap-2', names: ['a', 'b'] }));
  await expect(finishSwap(folder)).rejects.toThrow(/swap\.json: .*newer version of Gimbal/);
  expect(await contents()).toEqual(['old', 'old']);
});
