import { expect, it } from 'vitest';
import { misuse } from '../errors/error.ts';
import { recordingTerminal } from '../testing/terminal.ts';
import { COMMANDS } from './commands.ts';
import { fittingAdvice, flagsIn, flagsOf } from './fitting-advice.ts';
import { main } from './main.ts';

const command = (name: string) => COMMANDS.find((one) => one.name === name)!;

it('leaves out sentences with flags that the command lacks', () => {
  const advice =
    'Mend it. Lower --offset, or pass --skip-unreadable. Add --attacks natural. Print it with gimbal difference ' +
    '--json.';
  const told = (name: string) =>
    fittingAdvice(misuse({ code: 'c', subject: 's', problem: 'p.', advice }), command(name), COMMANDS).message;
  expect(told('evaluate')).toBe(`s: p. ${advice}`);
  expect(told('train')).toBe(
    's: p. Mend it. Lower --offset, or pass --skip-unreadable. Print it with gimbal difference --json.',
  );
  expect(told('recipes')).toBe('s: p. Mend it. Print it with gimbal difference --json.');
  const foreign = 'Convert it: python -m tf2onnx.convert --tflite a --output b.';
  expect(
    fittingAdvice(misuse({ code: 'c', subject: 's', problem: 'p.', advice: foreign }), command('inspect'), COMMANDS)
      .message,
  ).toBe(`s: p. ${foreign}`);
});

it('leaves out all advice of a command that has none of its flags', async () => {
  const terminal = recordingTerminal();
  await main(['inspect', 'no-such-file.onnx'], terminal);
  expect(flagsIn(terminal.written.error).every((flag) => flagsOf(command('inspect')).has(flag))).toBe(true);
});

it('has one set of data options for all commands that read images', () => {
  const data = ['resize', 'crop', 'colour', 'pixel-range', 'exif', 'skip-unreadable', 'exclude', 'limit'];
  const chosen = [...data, 'data', 'labels', 'split', 'offset', 'spread', 'class-names', 'first-label'];
  for (const name of ['evaluate', 'train', 'compare'])
    expect([...flagsOf(command(name))], name).toEqual(expect.arrayContaining(chosen));
  for (const name of ['reproduce', 'harden'])
    expect([...flagsOf(command(name))], name).toEqual(expect.arrayContaining(data));
});
