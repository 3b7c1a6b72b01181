import { link, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { modelPath } from '../../node/runtime/shipped-models.ts';
import { recordingTerminal } from '../../testing/terminal.ts';
import { main } from '../main.ts';

let folder: string;
const at = (name: string): string => join(folder, name);
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gimbal-export-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function exportTo(out: string, model = 'mnist-standard'): Promise<{ code: number; error: string }> {
  const terminal = recordingTerminal();
  const code = await main(['export', model, '--mirror', '--out', out], terminal);
  return { code, error: terminal.written.error };
}

describe('gimbal export', () => {
  it('writes a file, and replaces one that it wrote, as a whole', async () => {
    expect(await exportTo(at('mirrored.onnx'))).toEqual({ code: 0, error: '' });
    const first = await readFile(at('mirrored.onnx'));
    expect(await exportTo(at('mirrored.onnx'), 'mnist-linf')).toEqual({ code: 0, error: '' });
    expect(await readFile(at('mirrored.onnx'))).not.toEqual(first);
    expect(await readdir(folder)).toEqual(['mirrored.onnx']);
  });

  it.each([
    ['itself', () => Promise.resolve(), 'model.onnx'],
    ['./itself', () => Promise.resolve(), './model.onnx'],
    ['a symbolic link to it', () => symlink(at('model.onnx'), at('link.onnx')), 'link.onnx'],
    ['a hard link to it', () => link(at('model.onnx'), at('same.onnx')), 'same.onnx'],
  ])('never writes over its model: %s', async (_, make, out) => {
    // A model that was exported before may be replaced, but for being read.
    await exportTo(at('model.onnx'));
    const before = await readFile(at('model.onnx'));
    await make();
    const { code, error } = await exportTo(`${folder}/${out}`, at('model.onnx'));
    expect([code, error]).toEqual([2, expect.stringContaining('is the model itself')]);
    expect(await readFile(at('model.onnx'))).toEqual(before);
  });

  it.each([
    [
      'a file of anything',
      async () => writeFile(at('there'), 'thesis'),
      'there',
      'is not a model that gimbal export wrote',
    ],
    ['an empty file', async () => writeFile(at('there'), ''), 'there', 'is not a model that gimbal export wrote'],
    [
      'a model that was not exported',
      async () => writeFile(at('there'), await readFile(await modelPath('mnist-standard'))),
      'there',
      'is not a model that gimbal export wrote',
    ],
    ['a folder', async () => mkdir(at('there')), 'there', 'is a folder'],
    ['a link that leads nowhere', async () => symlink(at('nowhere'), at('there')), 'there', 'leads nowhere'],
    ['a folder that is missing', async () => undefined, 'missing/out.onnx', 'cannot be written'],
  ])('leaves alone what it did not write: %s', async (_, make, out, message) => {
    await make();
    const { code, error } = await exportTo(at(out));
    expect([code, error]).toEqual([2, expect.stringContaining(message)]);
    expect((await readdir(folder)).filter((name) => name !== 'there')).toEqual([]);
  });
});
