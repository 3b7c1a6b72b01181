/*
 * Evaluates in shards that are processes of their own, kills some of them with SIGKILL at random moments and gives the
 * same command again, merges them, and compares every file of results with that of one undisturbed process, byte for
 * byte (times aside).
 *
 *   npm run bench -- shards [--shards 8] [--at-once 2] [--kills 4] -- MODEL --data SOURCE [options of gimbal evaluate]
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { misuse } from '../errors/error.ts';
import { after, own } from './arguments.ts';
import { finished, killedAfter } from './processes.ts';
import { differentFiles } from './same-files.ts';

const BIN = fileURLToPath(new URL('../../bin/gimbal.js', import.meta.url));

const { values } = parseArgs({
  args: own,
  options: {
    shards: { type: 'string', default: '8' },
    'at-once': { type: 'string', default: '2' },
    kills: { type: 'string', default: '4' },
  },
});
const [shards, atOnce, kills] = [values.shards, values['at-once'], values.kills].map(Number);
if (after.length === 0 || ![shards, atOnce].every((count) => count >= 1) || !(kills >= 0))
  throw misuse({
    code: 'usage',
    subject: 'shards',
    problem: 'takes whole numbers, and after -- what is evaluated.',
    advice: 'npm run bench -- shards [--shards 8] [--at-once 2] [--kills 4] -- MODEL --data SOURCE [options]',
  });

const folder = await mkdtemp(join(tmpdir(), 'gimbal-shards-'));
try {
  const whole = join(folder, 'whole');
  const started = performance.now();
  await finished(start('evaluate', ...after, '--out', whole));
  const seconds = (performance.now() - started) / 1000;
  console.log(`one process: ${seconds.toFixed(1)} s`);

  let [next, killed] = [1, 0];
  const work = async (): Promise<void> => {
    while (next <= shards) {
      const shard = next++;
      const again = (): ChildProcess =>
        start('evaluate', ...after, '--out', join(folder, 'shards'), '--shard', `${shard}/${shards}`);
      // Spread over the shards; each is killed once at most.
      const due = Math.floor((shard * kills) / shards) > Math.floor(((shard - 1) * kills) / shards);
      if (due && (await killedAfter(again(), 300 + (Math.random() * 1000 * seconds) / shards))) killed++;
      await finished(again());
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  const merged = join(folder, 'merged');
  await finished(start('merge', join(folder, 'shards'), '--out', merged));
  const different = await differentFiles(whole, merged);
  const told = `${shards} shards, ${killed} of them killed at work and begun again`;
  console.log(different.length === 0 ? `${told}: the same bytes` : `${told}: DIFFERENT: ${different.join(', ')}`);
  process.exitCode = different.length === 0 ? 0 : 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}

function start(...words: string[]): ChildProcess {
  return spawn(process.execPath, [BIN, ...words, '--quiet'], { stdio: ['ignore', 'ignore', 'inherit'] });
}
