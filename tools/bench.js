import { readdirSync } from 'node:fs';
import { bringUpToDate } from './build.js';

/*
 * Runs a benchmark of src/bench after a build where that is due: npm run bench -- NAME [arguments of its own].
 */
const folder = new URL('../dist/bench/', import.meta.url);

async function run([name, ...given]) {
  if (!(await bringUpToDate())) return 1;
  // A benchmark's first lines are its head comment, with its usage; helpers have none.
  const names = readdirSync(new URL('../src/bench/', import.meta.url))
    .filter((file) => !/\.test\.ts$|^(median|processes|same-files|step-peer)\.ts$/.test(file))
    .map((file) => file.replace('.ts', ''));
  if (!names.includes(name)) {
    console.error(`bench: got ${name === undefined ? 'no name' : `'${name}'`}. Benchmarks: ${names.join(', ')}.`);
    return 2;
  }
  process.argv.splice(2, Infinity, ...given);
  try {
    await import(new URL(`${name}.js`, folder));
    return process.exitCode ?? 0;
  } catch (error) {
    // What a person can mend is one line; a fault of ours keeps its stack.
    const { GimbalError } = await import('../dist/errors/error.js');
    console.error(error instanceof GimbalError ? `bench: ${error.message}` : error);
    return error instanceof GimbalError ? 2 : 1;
  }
}

process.exit(await run(process.argv.slice(2)));
