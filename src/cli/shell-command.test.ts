import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { shellCommand } from './shell-command.ts';

it.skipIf(process.platform === 'win32')('is read by a shell as it was given', () => {
  const argv = ['evaluate', 'my model.onnx', '--scale', '[0,255]', "it's", '$HOME', '', 'a\nb', '--grid', '5x5x31'];
  const echo = shellCommand(argv).replace(/^gimbal/, 'printf "%s\\0"');
  expect(execFileSync('sh', ['-c', echo]).toString().split('\0').slice(0, -1)).toEqual(argv);
});
