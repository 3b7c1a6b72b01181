import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
let clone: string;

beforeAll(async () => {
  clone = await mkdtemp(join(tmpdir(), 'gimbal-build-'));
  await cp(join(root, 'bin'), join(clone, 'bin'), { recursive: true });
  await mkdir(join(clone, 'tools'));
  await cp(join(root, 'tools', 'build.js'), join(clone, 'tools', 'build.js'));
  await symlink(join(root, 'node_modules'), join(clone, 'node_modules'));
  await write('package.json', '{ "type": "module" }');
  await write('package-lock.json', '{}');
  await write(
    'tsconfig.json',
    JSON.stringify({
      compilerOptions: {
        rootDir: 'src',
        outDir: 'dist',
        module: 'nodenext',
        lib: ['es5'],
        types: [],
        composite: true,
        emitDeclarationOnly: true,
      },
      include: ['src'],
    }),
  );
  await write('src/index.ts', 'export {};');
  await write('src/cli/main.ts', 'export const code = 7;\n');
  await write(
    'src/cli/start.ts',
    'declare const process: { exitCode: number };\nexport async function start() { process.exitCode = 7; }\n',
  );
});

afterAll(() => rm(clone, { recursive: true }));

async function write(path: string, text: string): Promise<void> {
  await mkdir(join(clone, path, '..'), { recursive: true });
  await writeFile(join(clone, path), text);
}

/** Runs the clone's own command; `start` above ends with 7. */
const gimbal = () => run('bin', 'gimbal.js');

function run(...script: string[]): Promise<{ code: unknown; err: string }> {
  return new Promise((resolve) =>
    execFile(process.execPath, [join(clone, ...script)], (error, _, err) => resolve({ code: error?.code ?? 0, err })),
  );
}

let seconds = 0;

/** A source counts as changed by its date, and dates are coarse on some systems. */
async function change(path: string, text: string): Promise<void> {
  await write(path, text);
  seconds += 2;
  const later = new Date(Date.now() + 1000 * seconds);
  await utimes(join(clone, path), later, later);
}

test('a clone builds by itself, tells it in one line, and once', async () => {
  const told = /^gimbal: building .*\n$/;
  const both = await Promise.all([gimbal(), gimbal()]);
  expect(both.map(({ code }) => code)).toEqual([7, 7]);
  // The one that came second waited for the first.
  expect(both.map(({ err }) => err).sort()).toEqual(['', expect.stringMatching(told)]);
  expect(await gimbal()).toEqual({ code: 7, err: '' });
});

test('a changed source is built; a failed build tells where, and runs nothing', async () => {
  await change('src/other.ts', 'export const const = "text";\n');
  const failed = await gimbal();
  expect(failed.code).toBe(3);
  expect(failed.err).toMatch(/src\/other\.ts:1:14[^]*\ngimbal: the build failed\. [^\n]*\n$/);
  expect(failed.err).not.toMatch(/\n\s+at /);

  await change('src/other.ts', 'export const right = 1;\n');
  expect((await gimbal()).code).toBe(7);
  expect(existsSync(join(clone, 'dist', 'other.js'))).toBe(true);
});

test('a build for tests checks the types and writes declarations; what runs the code waits for neither', async () => {
  await change('src/other.ts', 'export const wrong: number = "text";\n');
  await change('src/other.test.ts', 'export {};\n');
  const failed = await run('tools', 'build.js');
  expect(failed.code).toBe(1);
  expect(failed.err).toMatch(/src\/other\.ts.*TS2322[^]*\ngimbal: the build failed\. [^\n]*\n$/);
  expect((await gimbal()).code).toBe(7);
  expect((await run('tools', 'build.js')).code).toBe(1);

  await change('src/other.ts', 'export const right = 1;\n');
  expect(await gimbal()).toEqual({ code: 7, err: expect.stringMatching(/building/) });
  expect(await run('tools', 'build.js')).toEqual({ code: 0, err: expect.stringMatching(/building/) });
  for (const name of ['other.d.ts', 'other.test.js', 'other.js.map'])
    expect(existsSync(join(clone, 'dist', name))).toBe(true);
  expect(await run('tools', 'build.js')).toEqual({ code: 0, err: '' });
});

test('what a source left behind goes with it', async () => {
  await rm(join(clone, 'src', 'other.ts'));
  expect((await gimbal()).code).toBe(7);
  expect(existsSync(join(clone, 'dist', 'other.js'))).toBe(false);
});

test('without what builds it an old build runs with a word, and none is refused in one line', async () => {
  await rm(join(clone, 'node_modules'));
  await change('src/index.ts', 'export const more = 1;');
  expect(await gimbal()).toEqual({ code: 7, err: expect.stringMatching(/^gimbal: .*`npm ci`.*old build\.\n$/) });
  await rm(join(clone, 'dist'), { recursive: true });
  expect(await gimbal()).toEqual({ code: 3, err: expect.stringMatching(/^gimbal: .*not built.*`npm ci`.*\n$/) });
});

test('a package without its build says how to pack it', async () => {
  await rm(join(clone, 'src'), { recursive: true });
  expect(await gimbal()).toEqual({ code: 3, err: expect.stringMatching(/^gimbal: .*`npm run pack`.*\n$/) });
});
