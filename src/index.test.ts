import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { linearModel } from './testing/classifier.ts';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '..');

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gimbal-example-'));
  await run('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], { cwd: ROOT });
}, 120_000);
afterAll(() => rm(folder, { recursive: true }));

/** Puts what `npm pack` made into a project, beside its dependencies alone: those of development are not there. */
async function install(project: string): Promise<void> {
  const modules = join(project, 'node_modules');
  const { version, dependencies } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as {
    version: string;
    dependencies: Record<string, string>;
  };
  await mkdir(join(modules, 'gimbal'), { recursive: true });
  const packed = ['-xzf', join(folder, `gimbal-${version}.tgz`), '-C', join(modules, 'gimbal')];
  await run('tar', [...packed, '--strip-components=1']);
  for (const name of Object.keys(dependencies)) {
    await mkdir(dirname(join(modules, name)), { recursive: true });
    await symlink(join(ROOT, 'node_modules', name), join(modules, name));
  }
}

/** A NumPy array file of format version 1.0. */
function npy(type: string, shape: readonly number[], data: Uint8Array): Uint8Array {
  const text = `{'descr': '${type}', 'fortran_order': False, 'shape': (${shape.join(', ')},), }`;
  const header = `${text.padEnd(128 - 10 - 1)}\n`;
  return Buffer.concat([
    Buffer.from([0x93]),
    Buffer.from('NUMPY'),
    Buffer.from([1, 0, header.length & 255, header.length >> 8]),
    Buffer.from(header),
    data,
  ]);
}

it("the README's example runs as it stands there", async () => {
  const readme = await readFile(join(ROOT, 'README.md'), 'utf8');
  const [, example] = /```ts\n([\s\S]*?)```/.exec(readme) ?? [];
  expect(example.trim().split('\n')).toHaveLength(8);

  await install(folder);
  await writeFile(join(folder, 'model.onnx'), linearModel({ shape: { channels: 1, height: 8, width: 8 }, classes: 3 }));
  const pixels = Uint8Array.from({ length: 6 * 64 }, (_, i) => (i * 37) % 256);
  await writeFile(
    join(folder, 'images.npz'),
    zipSync({
      'x_test.npy': npy('|u1', [6, 8, 8], pixels),
      'y_test.npy': npy('|u1', [6], Uint8Array.of(0, 1, 2, 0, 1, 2)),
    }),
  );
  await writeFile(join(folder, 'example.mjs'), example);
  const { stdout } = await run(process.execPath, ['example.mjs'], { cwd: folder });
  expect(stdout).toMatch(/^[\d.]+ % withstand every rotation and shift of the grid\n$/);
});

it("a project of one's own finds functions and types in the package", async () => {
  const project = await mkdtemp(join(tmpdir(), 'gimbal-project-'));
  try {
    await install(project);
    await writeFile(join(project, 'package.json'), '{ "type": "module" }');
    const compilerOptions = {
      module: 'nodenext',
      target: 'es2023',
      lib: ['es2023', 'dom'],
      strict: true,
      noEmit: true,
      types: [],
    };
    await writeFile(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['mine.ts'] }));
    await writeFile(
      join(project, 'mine.ts'),
      `
      import { evaluate, exportModel, harden, merge, train } from 'gimbal';
      import { evaluateOn, type Platform, type Runtime } from 'gimbal/core';
      import { evaluate as inPage, type GivenModel } from 'gimbal/web';
      export async function page(model: GivenModel, pixels: Float32Array): Promise<number> {
        const data = { images: [pixels], labels: [0], shape: { channels: 1, height: 8, width: 8 } };
        // @ts-expect-error: a page has no folders
        await inPage({ model, data, out: 'runs/one' });
        return (await inPage({ model, data, attacks: ['grid'] })).attacks.grid.accuracy;
      }
      export async function story(mine: Platform, runtime: Runtime): Promise<number> {
        const { model } = await train({ recipe: 'mnist/w10-30', data: 'digits/', out: 'a', set: ['epochs=3'] });
        const { folder, after } = await harden({ model, data: 'photos/', keep: 1, onEvent: ({ kind }) => void kind });
        await exportModel({ model: folder, vote: 10, out: 'voted.onnx' });
        await merge({ folders: ['shards'], out: 'whole', partial: true });
        const { attacks } = await evaluate({ model, data: 'photos/', 'label-offset': 1, attacks: ['grid'] });
        await evaluateOn({ ...mine, runtime }, { model, data: 'x' });
        // @ts-expect-error: an offset is a number
        await evaluate({ model, data: 'photos/', 'label-offset': { one: 1 } });
        return attacks.grid.accuracy - after.grid.accuracy;
      }`,
    );
    const { stdout } = await run(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', project]);
    expect(stdout).toBe('');
    const script = "import('gimbal/core').then((core) => console.log(typeof core.hardenOn))";
    expect((await run(process.execPath, ['-e', script], { cwd: project })).stdout).toBe('function\n');
  } finally {
    await rm(project, { recursive: true });
  }
});
