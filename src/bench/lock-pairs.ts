/*
 * How often do two processes hold one run folder? Two of them try at the same moment, again and again: in turn where
 * the folder is free, where a dead process left its lock, and where version 0.1.0 left one. Each time one must hold it.
 *
 *   npm run bench -- lock-pairs [--pairs 300]
 */
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GimbalError } from '../errors/error.ts';
import { lock } from '../node/run-folder/lock.ts';

/** To a process: try at this moment; without a path, give back what you hold. */
type Order = { readonly path: string; readonly at: number } | { readonly path: undefined };
/** `held`, `run-folder-in-use`, or another reason. */
type Answer = string;

/** No process has this number: Linux ends at 2^22. */
const DEAD = 99999999;
const HOLDER = {
  nonce: '0123456789abcdef',
  pid: DEAD,
  host: hostname(),
  started: '1',
  since: '2026-01-01T00:00:00.000Z',
};
const LEFT = [undefined, `${JSON.stringify(HOLDER)}\n`, `${DEAD}\n`];
/** Milliseconds until both try: both have the order by then. */
const SOON = 5;

if (process.send !== undefined) answerOrders();
else await tryPairs(process.argv[2] === '--pairs' ? Number(process.argv[3]) : 300);

function answerOrders(): void {
  let release = async (): Promise<void> => undefined;
  const answer = async (order: Order): Promise<Answer> => {
    if (order.path === undefined) {
      await release();
      return 'released';
    }
    release = async () => undefined;
    while (Date.now() < order.at);
    try {
      release = await lock(order.path, { patience: 0 });
      return 'held';
    } catch (error) {
      return error instanceof GimbalError ? error.issue.code : String(error);
    }
  };
  process.on('message', (order: Order) => void answer(order).then((text) => process.send?.(text)));
}

async function tryPairs(pairs: number): Promise<void> {
  if (!(pairs >= 1)) {
    console.error('Usage: npm run bench -- lock-pairs [--pairs 300]');
    process.exitCode = 2;
    return;
  }
  const folder = await mkdtemp(join(tmpdir(), 'gimbal-pairs-'));
  const path = join(folder, 'run.lock');
  const processes = [0, 1].map(() => fork(fileURLToPath(import.meta.url)));
  const both = (order: Order): Promise<Answer[]> => Promise.all(processes.map((one) => ask(one, order)));
  const held = [0, 0, 0];
  const others = new Set<string>();
  for (let pair = 0; pair < pairs; pair++) {
    const left = LEFT[pair % LEFT.length];
    if (left !== undefined) await writeFile(path, left);
    const answers = await both({ path, at: Date.now() + SOON });
    held[answers.filter((answer) => answer === 'held').length]++;
    answers.filter((answer) => !['held', 'run-folder-in-use'].includes(answer)).forEach((answer) => others.add(answer));
    await both({ path: undefined });
  }
  processes.forEach((one) => one.disconnect());
  await rm(folder, { recursive: true });
  console.log(`${pairs} pairs: held by one ${held[1]}, by both ${held[2]}, by none ${held[0]}`);
  others.forEach((reason) => console.log(`refused by ${reason}`));
  process.exitCode = held[1] === pairs && others.size === 0 ? 0 : 1;
}

function ask(one: ChildProcess, order: Order): Promise<Answer> {
  return new Promise((resolve) => {
    one.once('message', (answer) => resolve(String(answer)));
    one.send(order);
  });
}
