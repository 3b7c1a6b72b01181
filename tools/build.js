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
import { join, relative, sep } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/*
 * The build of a clone: TypeScript compiles src/ to dist/. `npm start`, `npm test` and `npx gimbal` call it where
 * dist/ is missing or older than src/, because npm runs no "pre" and "prepare" scripts under `ignore-scripts`.
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
/** Holds what the sources were at the last build that went well. */
const STAMP = join(OUTPUT, '.built');
/** Held by the process that builds, which writes its id into it. */
const LOCK = join(OUTPUT, '.building');

/**
 * Builds where that is needed, and tells it in one line on standard error.
 *
 * @returns whether dist/ can be run
 */
export async function bringUpToDate() {
  if (!isStale()) return true;
  const compiler = findCompiler();
  if (compiler === undefined) {
    const built = existsSync(STAMP);
    tell(
      built
        ? 'dist/ is older than src/, and TypeScript, which would build it, is not installed: run `npm ci`. Going on with the old build.'
        : 'dist/ is not built, and TypeScript, which would build it, is not installed: run `npm ci`, then the same command again.',
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
    return isStale() ? await build(compiler) : true;
  } finally {
    rmSync(LOCK, { force: true });
  }
}

async function build(compiler) {
  tell('building (a few seconds, once after each change of the sources) …');
  const sources = stateOfSources();
  const withPage = existsSync(join(SOURCES, PAGE)) && canBundle();
  // What a project refers to is compiled before it.
  const projects = ['tsconfig.json', ...(withPage ? ['tsconfig.page.json'] : [])];
  const { status, stdout, stderr } = spawnSync(process.execPath, [compiler, '-b', ...projects], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  if (status !== 0) {
    process.stderr.write(stdout + stderr);
    tell('the build failed. The lines above say where.');
    return false;
  }
  removeOrphans();
  if (withPage && !(await bundlePage())) return false;
  writeFileSync(STAMP, sources);
  return true;
}

/** The page takes packages of its own; an installation that lacks them does everything else. */
function canBundle() {
  if (resolved('vite') !== undefined && resolved('preact') !== undefined) return true;
  tell('the page of gimbal view is left out, as what bundles it is not installed: run `npm ci`.');
  return false;
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

function isStale() {
  return !existsSync(STAMP) || readFileSync(STAMP, 'utf8') !== stateOfSources() || lacksPage();
}

/** It was left out, and what bundles it has been installed since. */
function lacksPage() {
  const there = !existsSync(join(SOURCES, PAGE)) || existsSync(join(OUTPUT, PAGE, 'index.html'));
  return !there && resolved('vite') !== undefined && resolved('preact') !== undefined;
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

function findCompiler() {
  return resolved('typescript/bin/tsc');
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
  process.exitCode = (await bringUpToDate()) ? 0 : 1;
}
