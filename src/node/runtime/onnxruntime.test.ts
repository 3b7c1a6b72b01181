import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { linearModel } from '../../testing/classifier.ts';
import { requireSilence } from './onnxruntime.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const STRACE = '/usr/bin/strace';
let folder: string;
let model: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gimbal-quiet-'));
  model = join(folder, 'model.onnx');
  writeFileSync(model, linearModel({ shape: { channels: 1, height: 28, width: 28 }, classes: 62 }));
});
afterAll(() => rmSync(folder, { recursive: true }));

/**
 * Runs Node in empty folders. @returns every file that appeared in them, and what strace saw of it where it is there
 */
function traces(name: string, args: readonly string[]): { files: string[]; trace: string | undefined } {
  const homes = ['home', 'tmp', 'cache'].map((part) => join(folder, name, part));
  homes.forEach((path) => mkdirSync(path, { recursive: true }));
  const log = join(folder, `${name}.trace`);
  const strace = existsSync(STRACE) ? [STRACE, '-f', '-o', log, '-e', 'trace=connect,sendto,openat'] : [];
  const [program, ...rest] = [...strace, process.execPath, ...args];
  const { status, stderr } = spawnSync(program, rest, {
    cwd: folder,
    encoding: 'utf8',
    // '0' does not switch it off: what the user's environment says of it changes nothing.
    env: {
      PATH: process.env.PATH,
      HOME: homes[0],
      TMPDIR: homes[1],
      XDG_CACHE_HOME: homes[2],
      ORT_DISABLE_TELEMETRY: '0',
    },
  });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return {
    files: homes.flatMap((home) => readdirSync(home, { recursive: true }).map(String)),
    trace: strace.length > 0 ? readFileSync(log, 'utf8') : undefined,
  };
}

describe('nothing is reported to the vendor of ONNX Runtime', () => {
  const options = { attacks: 'natural', limit: '2', threads: '2' };
  test.each([
    [
      'command',
      () => [
        join(ROOT, 'bin/gimbal.js'),
        'evaluate',
        model,
        '--data',
        'glyphs',
        '--out',
        join(folder, 'run'),
        '--quiet',
        ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]),
      ],
    ],
    [
      'library',
      () => [
        '--input-type=module',
        '-e',
        `import { evaluate } from ${JSON.stringify(join(ROOT, 'dist/index.js'))};
         await evaluate(${JSON.stringify({ model, data: 'glyphs', ...options })});`,
      ],
    ],
  ])('%s: no file appears in the home, temporary and cache folders, and no host is looked up', (name, args) => {
    const { files, trace } = traces(name, args());
    expect(files).toEqual([]);
    if (trace === undefined) return console.warn('What is looked up is not traced: strace is missing.');
    expect(trace).toContain('libonnxruntime');
    expect(trace.split('\n').filter((line) => /machine-id|AF_INET|resolv\.conf|\.onnxruntime/.test(line))).toEqual([]);
  });

  test('a worker whose main thread has not switched it off makes no session', () => {
    expect(() => requireSilence({ ORT_DISABLE_TELEMETRY: '0' })).toThrow(/in the main thread before the worker starts/);
    expect(process.env.ORT_DISABLE_TELEMETRY).toBe('1');
    requireSilence();
  });
});

test('one module alone loads onnxruntime-node', () => {
  const loading = /(from|import|require|import\()\s*\(?\s*['"]onnxruntime-node['"]/;
  const loads = (path: string): boolean => loading.test(readFileSync(path, 'utf8'));
  const sources = ['src', 'bin', 'tools'].flatMap((name) =>
    readdirSync(join(ROOT, name), { recursive: true }).map((path) => join(ROOT, name, String(path))),
  );
  const found = sources.filter((path) => /\.(ts|js|mjs|cjs)$/.test(path) && loads(path));
  expect(found.map((path) => relative(ROOT, path))).toEqual([join('src', 'node', 'runtime', 'onnxruntime.ts')]);
});
