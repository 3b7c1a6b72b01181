import { expect, it } from 'vitest';
import { gimbal } from '../testing/gimbal.ts';
import { COMMANDS } from './commands.ts';

it.each([[[]], ...COMMANDS.map(({ name }) => [[name]])])('fits the help of %s into 80 columns', async (command) => {
  const { code, out: text } = await gimbal(...command, '--help');
  expect(code).toBe(0);
  const long = text.split('\n').filter((line) => line.length > 80);
  expect(long).toEqual([]);
});

it('takes -h, -V and help COMMAND', async () => {
  const { out: text } = await gimbal('evaluate', '--help');
  expect(text).toMatch(/Examples:\n {2}gimbal evaluate /);
  expect(await gimbal('evaluate', '-h')).toEqual({ code: 0, out: text, error: '' });
  expect(await gimbal('help', 'evaluate')).toEqual({ code: 0, out: text, error: '' });
  expect((await gimbal('-V')).out).toBe((await gimbal('--version')).out);
  expect((await gimbal('-h')).out).toMatch(/Examples:/);
});
