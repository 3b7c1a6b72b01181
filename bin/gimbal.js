#!/usr/bin/env node
import { existsSync } from 'node:fs';

const here = (path) => new URL(path, import.meta.url);

/** In a clone dist/ is built where it is missing or older than its sources; a package has it, and no sources. */
async function isBuilt() {
  if (existsSync(here('../src/index.ts'))) return (await import('../tools/build.js')).bringUpToDate();
  if (existsSync(here('../dist/cli/main.js'))) return true;
  process.stderr.write(
    'gimbal: this package was packed without its build. ' +
      'Pack it anew in the clone, by `npm run pack` instead of `npm pack`.\n',
  );
  return false;
}

if (await isBuilt()) {
  const { start } = await import('../dist/cli/start.js');
  await start(process.argv.slice(2));
} else {
  process.exitCode = 3;
}
