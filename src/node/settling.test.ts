import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { settling } from './settling.ts';

test('gives what the work gives, and throws what it throws', async () => {
  expect(await settling('a file', async () => 5)).toBe(5);
  await expect(settling('a file', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(process.listenerCount('beforeExit')).toBe(0);
});

test('a promise that never settles fails by name, in place of a silent exit with 13', () => {
  const code = `
    import { settling } from ${JSON.stringify(new URL('./settling.js', import.meta.url).href)};
    try {
      await settling('the whole', () => settling('part.npz', () => new Promise(() => undefined)));
    } catch (error) {
      console.log(error.kind, error.issue.code, error.message);
    }
    await settling('another', async () => new Promise((resolve) => setTimeout(resolve, 5)));
    console.log('goes on');`;
  const { status, stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' });
  expect(stdout).toMatch(/^failure never-ends part\.npz: the work on it has come to a stand.*\ngoes on\n$/);
  expect(status).toBe(0);
});
