import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { gimbal } from '../testing/gimbal.ts';
import { linearModel } from '../testing/classifier.ts';
import { recordingTerminal } from '../testing/terminal.ts';
import { COMMANDS } from './commands.ts';
import { hardeningDisplay } from './harden/hardening-display.ts';

let folder: string;
const at = (name: string): string => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gimbal-quiet-'));
  await writeFile(at('one.onnx'), linearModel({ shape: { channels: 1, height: 6, width: 6 }, classes: 2 }));
  await writeFile(at('two.onnx'), linearModel({ shape: { channels: 1, height: 6, width: 6 }, classes: 2 }));
  for (const label of ['0', '1']) {
    await mkdir(at(`photos/${label}`), { recursive: true });
    for (let i = 0; i < 12; i++)
      await sharp(
        Uint8Array.from({ length: 36 }, (_, pixel) => (pixel * 37 * (i + 1)) % 256),
        {
          raw: { width: 6, height: 6, channels: 1 },
        },
      )
        .toColourspace('b-w')
        .png()
        .toFile(at(`photos/${label}/${i}.png`));
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const data = (): string[] => ['--data', at('photos'), '--threads', '1'];
const WARNINGS = { code: 0, out: '', error: expect.stringMatching(/^(Warning: [^\n]+\n)*$/) };
const warningsIn = (text: string): number => text.split('Warning:').length - 1;

it('--quiet leaves warnings alone, and every warning is told once', async () => {
  const evaluate = ['evaluate', at('one.onnx'), ...data(), '--attacks', 'natural,random'];
  expect(await gimbal(...evaluate, '--out', at('all'), '--quiet')).toEqual(WARNINGS);
  const one = [...evaluate, '--limit', '1'];
  const { out, error } = await gimbal(...one, '--out', at('loud'));
  expect(warningsIn(out)).toBe(0);
  const warnings = error.split('\n').filter((line) => line.startsWith('Warning:'));
  expect(warnings).toContainEqual(expect.stringContaining('--limit 1'));
  expect(new Set(warnings).size).toBe(warnings.length);
  const quiet = await gimbal(...one, '--out', at('less'), '--quiet');
  expect(quiet).toEqual(WARNINGS);
  // Also of a run that was finished before.
  expect((await gimbal(...one, '--out', at('less'), '--quiet')).error).toBe(quiet.error);
});

it('holds for the other commands', async () => {
  const small = ['--translation', '1px'];
  expect(
    await gimbal('certify', at('one.onnx'), ...data(), '--limit', '2', '--spread', '--out', at('certified'), '--quiet'),
  ).toEqual(WARNINGS);
  const models = [at('one.onnx'), at('two.onnx'), ...data(), ...small, '--limit', '2'];
  expect(await gimbal('compare', ...models, '--out', at('compared'), '--quiet')).toEqual(WARNINGS);
  const shards = ['evaluate', at('one.onnx'), ...data(), '--attacks', 'natural', '--out', at('shards'), '--quiet'];
  expect(await gimbal(...shards, '--shard', '1/2')).toEqual(WARNINGS);
  expect((await gimbal(...shards, '--shard', '2/2')).code).toBe(0);
  expect(await gimbal('merge', at('shards'), '--watch', '--out', at('merged'), '--quiet')).toEqual(WARNINGS);
});

it('tells of a hardening warnings alone', () => {
  const terminal = recordingTerminal();
  const { listener } = hardeningDisplay(terminal, true);
  listener({ kind: 'stage', stage: 'before' });
  listener({ kind: 'note', text: 'a note' });
  listener({ kind: 'warning', text: 'beware' });
  expect(terminal.written.error).toBe('Warning: beware\n');
});

it('means the same wherever it is offered', async () => {
  const texts = new Set<string>();
  for (const { name } of COMMANDS) {
    const { out } = await gimbal(name, '--help');
    const told = /--quiet\s+(Tell [^.]+\.)|--quiet\s+(.*)/.exec(out);
    if (told !== null) texts.add((told[1] ?? told[2]).replaceAll(/\s+/g, ' '));
  }
  expect(texts).toEqual(new Set(['Print only warnings and errors.', 'Print only warnings, errors and the result.']));
});
