import { Worker } from 'node:worker_threads';
import type { EndingSignal } from '../ending-signals.ts';
import type { FromCommand, ToCommand } from './messages.ts';

/** The variable that tells a command the process of its supervisor. */
export const SUPERVISOR = 'GIMBAL_SUPERVISOR';

let joined = false;

/** Whether a supervisor started this process: then it decides what a second signal does. */
export function isSupervised(): boolean {
  return joined;
}

/**
 * From here on this process is the command of its supervisor, and ends with it: a supervisor that is gone, as after
 * kill −9, must not leave behind a run that holds its folder. A thread watches, since the main thread may be inside
 * native code.
 */
export function joinSupervisor(): void {
  joined = true;
  const end = (): void => void process.kill(process.pid, 'SIGKILL');
  process.on('disconnect', end);
  // It may be gone before this line: then there is another parent by now, and nobody is heard to leave.
  const supervisor = Number(process.env[SUPERVISOR] ?? process.ppid);
  if (!process.connected || process.ppid !== supervisor) end();
  process.channel?.unref();
  new Worker(new URL('./watch-parent.js', import.meta.url), { workerData: supervisor, execArgv: [] }).unref();
}

/** Tells the supervisor, where there is one. */
export function tell(message: FromCommand): Promise<void> {
  return new Promise((resolve) => {
    if (!joined || process.send === undefined || !process.connected) resolve();
    else process.send(message, undefined, undefined, () => resolve());
  });
}

/** @returns ends the listening */
export function onStop(listener: (signal: EndingSignal) => void): () => void {
  if (!joined) return () => undefined;
  const onMessage = ({ stop }: ToCommand): void => listener(stop);
  process.on('message', onMessage);
  return () => void process.off('message', onMessage);
}
