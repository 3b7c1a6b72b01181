/*
 * Kills a run with SIGKILL at random moments, gives the same command again each time until it ends, and compares every
 * file of results with that of an undisturbed run, byte for byte (the seconds in result.json, with its checksum, and
 * metrics.jsonl and the time in config.json aside).
 *
 *   npm run bench -- kill-and-resume [--kills 20] -- MODEL --data SOURCE [options of gimbal evaluate]
 *   npm run bench -- kill-and-resume [--kills 20] -- train RECIPE --data SOURCE [options of gimbal train]
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, own } from './arguments.ts';
import { finished, killedAfter } from './processes.ts';
import { differentFiles, filesOf } from './same-files.ts';

const BIN = fileURLToPath(new URL('../../bin/gimbal.js', import.meta.url));

const training = after[0] === 'train';
const LAST_FILE = training ? 'model.onnx' : 'result.json';
const kills = own[0] === '--kills' ? Number(own[1]) : 20;
if (after.length === 0 || !(kills >= 1)) {
  console.error(
    'Usage: npm run bench -- kill-and-resume [--kills 20] -- [train RECIPE | MODEL] --data SOURCE [options]',
  );
  process.exit(2);
}

const folder = await mkdtemp(join(tmpdir(), 'gimbal-kill-'));
try {
  const started = performance.now();
  await finished(start('undisturbed'));
  const duration = performance.now() - started;
  console.log(`undisturbed: ${(duration / 1000).toFixed(1)} s`);

  let different: string[] = [];
  let killed = 0;
  for (let round = 1; killed < kills; round++) {
    const name = `disturbed-${round}`;
    while (killed < kills && !(await isFinished(name))) {
      // Most of the moments lie in the work; some in the start, where the folder is opened and cut to whole records.
      const delay = 300 + 0.3 * Math.random() * duration;
      if (await killedAfter(start(name), delay)) {
        killed++;
        console.log(
          `kill ${killed} after ${(delay / 1000).toFixed(2)} s: ${await recordsOf(name)} ` +
            `${training ? 'epochs' : 'whole records'}`,
        );
      }
    }
    await finished(start(name));
    different = [...different, ...(await differentFiles(join(folder, 'undisturbed'), join(folder, name)))];
  }
  console.log(different.length === 0 ? `${killed} kills: the same bytes` : `DIFFERENT: ${different.join(', ')}`);
  process.exitCode = different.length === 0 ? 0 : 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}

function start(name: string): ChildProcess {
  const words = training ? [...after, '--resume'] : ['evaluate', ...after];
  return spawn(process.execPath, [BIN, ...words, '--quiet', '--out', join(folder, name)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

async function isFinished(name: string): Promise<boolean> {
  return (await filesOf(join(folder, name))).includes(LAST_FILE);
}

async function recordsOf(name: string): Promise<number> {
  const text = await readFile(join(folder, name, training ? 'metrics.jsonl' : 'images.jsonl'), 'utf8').catch(() => '');
  return text.split('\n').length - 1;
}
