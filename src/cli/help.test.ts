import { expect, it } from 'vitest';
import { recordingTerminal } from '../testing/terminal.ts';
import { COMMANDS } from './commands.ts';
import { main } from './main.ts';

async function out(...argv: string[]): Promise<{ code: number; text: string }> {
  const terminal = recordingTerminal();
  const code = await main(argv, terminal);
  return { code, text: terminal.written.out };
}

it.each([[[]], ...COMMANDS.map(({ name }) => [[name]])])('fits the help of %s into 80 columns', async (command) => {
  const { code, text } = await out(...command, '--help');
  expect(code).toBe(0);
  const long = text.split('\n').filter((line) => line.length > 80);
  expect(long).toEqual([]);
});

it('takes -h, -V and help COMMAND', async () => {
  const { text } = await out('evaluate', '--help');
  expect(text).toMatch(/Examples:\n {2}gimbal evaluate /);
  expect(await out('evaluate', '-h')).toEqual({ code: 0, text });
  expect(await out('help', 'evaluate')).toEqual({ code: 0, text });
  expect((await out('-V')).text).toBe((await out('--version')).text);
  expect((await out('-h')).text).toMatch(/Examples:/);
});
