import { mkdtemp, readFile, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lock as lockWith, type LockOptions } from './lock.ts';

const lock = (file: string, options: LockOptions = {}) => lockWith(file, { patience: 0, ...options });
let directory: string;
let path: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gimbal-lock-'));
  path = join(directory, 'run.lock');
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** No process has this number: Linux ends at 2^22. */
const DEAD = 99999999;
const holder = {
  nonce: '0123456789abcdef',
  pid: DEAD,
  host: hostname(),
  started: '1',
  since: '2026-01-01T00:00:00.000Z',
};
const leave = (text: string) => writeFile(path, text);

describe('a lock', () => {
  it('goes to one of many that try at once, whether it is free or was left by a dead process', async () => {
    for (const left of [undefined, `${JSON.stringify(holder)}\n`, `${DEAD}\n`]) {
      if (left !== undefined) await leave(left);
      const tried = await Promise.allSettled(Array.from({ length: 20 }, () => lock(path)));
      const held = tried.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
      expect(held).toHaveLength(1);
      for (const { reason } of tried.filter((one) => one.status === 'rejected'))
        expect(reason).toMatchObject({ kind: 'misuse', issue: { code: 'run-folder-in-use', subject: path } });
      await held[0]();
      expect(await readdir(directory)).toEqual([]);
    }
  });

  it('of another machine is taken over once that gives no sign of life for long, and not before', async () => {
    const elsewhere = { ...holder, host: 'elsewhere', beat: 15 };
    const beat = `${path}.${holder.nonce}.beat`;
    const old = new Date(Date.now() - 200_000);
    const inUse = { issue: { code: 'run-folder-in-use' } };
    await leave(JSON.stringify(elsewhere));
    await expect(lock(path)).rejects.toMatchObject(inUse);
    await utimes(path, old, old);
    await writeFile(beat, '1');
    await expect(lock(path)).rejects.toMatchObject(inUse);
    await utimes(beat, old, old);
    await (
      await lock(path)
    )();
    expect(await readdir(directory)).toEqual([]);
    // Version 0.1.0 gave no signs: nobody can tell.
    await leave(JSON.stringify({ ...elsewhere, beat: undefined }));
    await utimes(path, old, old);
    await expect(lock(path)).rejects.toMatchObject(inUse);
  });

  it('is not taken from a process that took it over a moment before', async () => {
    await leave(`${JSON.stringify(holder)}\n`);
    let release = async (): Promise<void> => undefined;
    // Both have read the dead lock; the other takes it over first, and its own lock must then stay.
    const second = lock(path, {
      beforeTakeover: async () => {
        release = await lock(path);
      },
    });
    await expect(second).rejects.toMatchObject({ issue: { code: 'run-folder-in-use' } });
    await release();
    expect(await readdir(directory)).toEqual([]);
  });

  it('is taken over from a process whose takeover was killed midway', async () => {
    await leave(`${JSON.stringify(holder)}\n`);
    await writeFile(`${path}.${holder.nonce}`, `${JSON.stringify({ ...holder, nonce: 'fedcba9876543210' })}\n`);
    await (
      await lock(path)
    )();
    expect(await readdir(directory)).toEqual([]);
  });

  it('waits a moment for one that is about to leave', async () => {
    const release = await lock(path);
    setTimeout(() => void release(), 20);
    await (
      await lock(path, { patience: 10_000 })
    )();
  });

  it.skipIf(process.platform !== 'linux')('is free where the number of its process was given to another', async () => {
    await leave(`${JSON.stringify({ ...holder, pid: process.ppid, started: 'before' })}\n`);
    await (
      await lock(path)
    )();
  });

  it.each([
    ['of version 0.1.0, by a process that is there', `${process.ppid}\n`, /process \d+ is at work/],
    [
      'of another machine',
      `${JSON.stringify({ ...holder, host: 'elsewhere' })}\n`,
      /on elsewhere is at work in this folder since 2026/,
    ],
  ])('holds where it is %s', async (_, text, message) => {
    await leave(text);
    await expect(lock(path)).rejects.toThrow(message);
    expect(await readFile(path, 'utf8')).toBe(text);
  });

  it('that a power cut emptied is taken over once it is older than a moment', async () => {
    await leave('');
    await utimes(path, 0, 0);
    const release = await lock(path);
    await release();
  });
});
