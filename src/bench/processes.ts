import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { failure } from '../errors/error.ts';

/** Kills a process with SIGKILL after so many milliseconds. @returns whether it was still at work then */
export async function killedAfter(run: ChildProcess, delay: number): Promise<boolean> {
  const ended = once(run, 'exit').then(() => true);
  const ranOut = await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, delay, false))]);
  run.kill('SIGKILL');
  await ended;
  return !ranOut;
}

/** Waits for a process of Node. @throws failure where it does not end well, with its arguments */
export async function finished(run: ChildProcess): Promise<void> {
  const [code] = await once(run, 'exit');
  if (code === 0) return;
  throw failure({ code: 'ended', subject: run.spawnargs.slice(2).join(' '), problem: `ended with exit code ${code}.` });
}
