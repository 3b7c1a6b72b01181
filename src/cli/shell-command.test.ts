import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { shellCommand } from './shell-command.ts';

it.skipIf(process.platform === 'win32')('is read by a shell as it was given', () => {
  const argv = ['evaluate', 'my model.onnx', '--scale', '[0,255]', "it's", '$HOME', '', 'a\nb', '--grid', '5x5x31'];
  const echo = shellCommand(argv).replace(/^gimbal/, 'printf "%s\\0"');
  expect(execFileSync('sh', ['-c', echo]).toString().split('\0').slice(0, -1)).toEqual(argv);
});

it('is called through npx where this was', () => {
  const npx = (script: string) => shellCommand(['-V'], { npm_lifecycle_event: 'npx', npm_lifecycle_script: script });
  expect(npx('gimbal -V')).toBe('npx gimbal -V');
  expect(npx("'gimbal' '-V'")).toBe('npx gimbal -V');
  expect(npx("'gimbal'")).toBe('npx gimbal -V');
  expect(npx('gimbal-other -V')).toBe('gimbal -V');
  expect(npx('vitest run')).toBe('gimbal -V');
  expect(shellCommand(['-V'], {})).toBe('gimbal -V');
});
