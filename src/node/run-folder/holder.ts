import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { z } from 'zod';

/** Who holds a lock: the content of the lock's file. */
const holderSchema = z.object({
  /** Tells this claim from all others, also of the same process. */
  nonce: z.string().regex(/^[0-9a-f]{16}$/),
  pid: z.int().positive(),
  host: z.string(),
  /**
   * When the process started, in a form of the system's own: tells whether the number was given to another process
   * since.
   */
  started: z.string(),
  /** When the lock was taken, ISO 8601. */
  since: z.string(),
});

export type Holder = z.output<typeof holderSchema>;

export async function thisProcess(): Promise<Holder> {
  return {
    nonce: randomBytes(8).toString('hex'),
    pid: process.pid,
    host: hostname(),
    started: await startOf(process.pid),
    since: new Date().toISOString(),
  };
}

/**
 * The holder out of a lock's file; that of version 0.1.0 is a number of a process alone. `undefined` for anything
 * else.
 */
export function parseHolder(text: string): Partial<Holder> | undefined {
  if (/^\d+\n$/.test(text)) return { pid: Number(text) };
  try {
    return holderSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Whether a holder's process runs no more. Of another machine that is never known. */
export async function isGone({ pid = 0, host = hostname(), started }: Partial<Holder>): Promise<boolean> {
  if (host !== hostname()) return false;
  if (!isAlive(pid)) return true;
  return started !== undefined && started !== (await startOf(pid));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there, but someone else's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Linux tells of every process when it started: the ticks since the boot, and which boot. Elsewhere this process
 * alone is known, and another of the same number counts as the one that held the lock.
 */
async function startOf(pid: number): Promise<string> {
  const [stat, boot] = await Promise.all(
    [`/proc/${pid}/stat`, '/proc/sys/kernel/random/boot_id'].map((path) => readFile(path, 'utf8').catch(() => '')),
  );
  // The name in brackets may hold spaces and brackets: fields are counted from behind it. The 22nd is the start.
  const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  if (ticks !== undefined) return `${ticks} ${boot.trim()}`;
  return pid === process.pid ? String(Math.round(performance.timeOrigin)) : UNKNOWN;
}

const UNKNOWN = 'unknown';
