import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative, sep } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';

/*
 * The build of a clone, src/ to dist/. `npm start`, `npm test` and `npx gimbal` call it where dist/ is missing or older
 * than src/, because npm runs no "pre" and "prepare" scripts under `ignore-scripts`. Oxc strips the sources of their
 * types, which takes a second; for tests and packages TypeScript checks the types and writes declarations besides.
 */
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SOURCES = join(ROOT, 'src');
const OUTPUT = join(ROOT, 'dist');
const CONFIGS = [
  'tsconfig.base.json',
  'tsconfig.core.json',
  'tsconfig.json',
  'tsconfig.web.json',
  'tsconfig.page.json',
  'package-lock.json',
  'tools/page/build.js',
];
/** Where the page is bundled into, of which TypeScript knows nothing. */
const PAGE = 'page';
/** Holds what the sources were at the last build that went well, and at the last one that checked the types. */
const STAMP = join(OUTPUT, '.built');
const CHECKED = join(OUTPUT, '.checked');
/** They run as Vite bundles them. */
const BUNDLED = ['web', 'page'];
/** Held by the process that builds, which writes its id into it. */
const LOCK = join(OUTPUT, '.building');
const COMPILER = 'typescript/bin/tsc';

/**
 * Builds where that is needed, and tells it in one line on standard error.
 *
 * @param checked whether the types have to be right, and declarations and tests are wanted as well
 * @returns whether dist/ can be run
 */
export async function bringUpToDate({ checked = false } = {}) {
  if (!isStale(checked)) return true;
  if (['vite', 'preact', ...(checked ? [COMPILER] : [])].some((name) => resolved(name) === undefined)) {
    const built = existsSync(STAMP);
    tell(
      built
        ? 'dist/ is older than src/, and what would build it is not installed: run `npm ci`. Going on with the old build.'
        : 'dist/ is not built, and what would build it is not installed: run `npm ci`, then the same command again.',
    );
    return built;
  }
  try {
    mkdirSync(OUTPUT, { recursive: true });
    await takeLock();
  } catch (error) {
    tell(`dist/ is older than src/ and cannot be written: ${error.message}.`);
    return existsSync(STAMP);
  }
  try {
    // Another process may have built while this one waited.
    return isStale(checked) ? await build(checked) : true;
  } finally {
    rmSync(LOCK, { force: true });
  }
}

async function build(checked) {
  tell(`building (${checked ? 'half a minute' : 'some seconds'}, once after each change of the sources) …`);
  const sources = stateOfSources();
  if (!(await stripTypes(checked)) || (checked && !checkTypes())) {
    tell('the build failed. The lines above say where.');
    return false;
  }
  removeOrphans();
  if (existsSync(join(SOURCES, PAGE)) && !(await bundlePage())) return false;
  writeFileSync(STAMP, sources);
  if (checked) writeFileSync(CHECKED, sources);
  return true;
}

async function stripTypes(withTests) {
  const { transformWithOxc } = await import('vite');
  const options = {
    target: 'es2022',
    sourcemap: true,
    typescript: { rewriteImportExtensions: 'rewrite', onlyRemoveTypeImports: true },
  };
  try {
    for (const name of readdirSync(SOURCES, { recursive: true })) {
      const isTest = name.endsWith('.test.ts');
      if (!name.endsWith('.ts') || name.endsWith('.d.ts') || (isTest && !withTests)) continue;
      if (BUNDLED.includes(name.split(sep)[0]) && !isTest) continue;
      const source = join(SOURCES, name);
      const target = join(OUTPUT, name.replace(/ts$/, 'js'));
      const { code, map, helpersUsed } = await transformWithOxc(readFileSync(source, 'utf8'), source, options);
      const [helper] = Object.keys(helpersUsed);
      if (helper !== undefined) throw new Error(`src/${name} needs ${helper} of a package of Oxc: write it otherwise.`);
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, `${code}//# sourceMappingURL=${basename(target)}.map\n`);
      const from = relative(dirname(target), source).split(sep).join('/');
      writeFileSync(`${target}.map`, JSON.stringify({ ...map, sources: [from], sourcesContent: undefined }));
    }
    return true;
  } catch (error) {
    process.stderr.write(`${stripVTControlCharacters(error.message)}\n`);
    return false;
  }
}

function checkTypes() {
  // What a project refers to is checked before it.
  const projects = ['tsconfig.json', 'tsconfig.page.json'].filter((name) => existsSync(join(ROOT, name)));
  const { status, stdout, stderr } = spawnSync(process.execPath, [resolved(COMPILER), '-b', ...projects], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  process.stderr.write(stdout + stderr);
  return status === 0;
}

async function bundlePage() {
  try {
    const { buildPage } = await import('./page/build.js');
    await buildPage();
    return true;
  } catch (error) {
    tell(`the page could not be bundled: ${error.message}`);
    return false;
  }
}

function isStale(checked) {
  const sources = stateOfSources();
  const stamps = checked ? [STAMP, CHECKED] : [STAMP];
  return stamps.some((stamp) => !existsSync(stamp) || readFileSync(stamp, 'utf8') !== sources);
}

/** A digest of the names and dates of all sources and settings: it costs less to make than one of their bytes. */
function stateOfSources() {
  const sources = readdirSync(SOURCES, { recursive: true }).filter((name) => /\.(tsx?|css|html|png)$/.test(name));
  const paths = [
    ...sources.sort().map((name) => join(SOURCES, name)),
    ...CONFIGS.map((name) => join(ROOT, name)).filter(existsSync),
  ];
  const state = paths.map((path) => `${path} ${statSync(path).mtimeMs}`).join('\n');
  return createHash('sha256').update(state).digest('hex');
}

/** What was compiled from sources that are there no longer goes too: a test among it would still run. */
function removeOrphans() {
  for (const name of readdirSync(OUTPUT, { recursive: true })) {
    const source = name.replace(/(\.d\.ts|\.js\.map|\.js)$/, '.ts');
    if (name.startsWith(`${PAGE}${sep}`)) continue;
    if (source !== name && !existsSync(join(SOURCES, source))) rmSync(join(OUTPUT, name));
  }
}

function resolved(name) {
  try {
    return createRequire(import.meta.url).resolve(name);
  } catch {
    return undefined;
  }
}

/** Waits until no other process builds. The lock of a process that is gone counts for nothing. */
async function takeLock() {
  for (;;) {
    try {
      const file = openSync(LOCK, 'wx');
      writeFileSync(file, String(process.pid));
      closeSync(file);
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      if (holderIsGone()) rmSync(LOCK, { force: true });
      else await setTimeout(100);
    }
  }
}

function holderIsGone() {
  try {
    const id = Number(readFileSync(LOCK, 'utf8'));
    // An empty file: its holder has yet to write its id, unless it was stopped in between.
    if (id === 0) return Date.now() - statSync(LOCK).mtimeMs > 5000;
    process.kill(id, 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH' || error.code === 'ENOENT';
  }
}

function tell(line) {
  process.stderr.write(`gimbal: ${line}\n`);
}

if (process.argv[1] !== undefined && relative(process.argv[1], fileURLToPath(import.meta.url)) === '') {
  process.exitCode = (await bringUpToDate({ checked: true })) ? 0 : 1;
}
