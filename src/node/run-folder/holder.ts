import { randomBytes } from 'node:crypto';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
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
  /** Seconds between its signs of life. Earlier versions gave none. */
  beat: z.number().positive().optional(),
});

/** Seconds between signs of life. */
const BEAT_SECONDS = 15;

export type Holder = z.output<typeof holderSchema>;

export async function thisProcess(): Promise<Holder> {
  return {
    nonce: randomBytes(8).toString('hex'),
    pid: process.pid,
    host: hostname(),
    started: await startOf(process.pid),
    since: new Date().toISOString(),
    beat: BEAT_SECONDS,
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

/** Whether a holder's process runs no more. Of another machine its process does not tell; see `isSilent`. */
export async function isGone({ pid = 0, host = hostname(), started }: Partial<Holder>): Promise<boolean> {
  if (host !== hostname()) return false;
  if (!isAlive(pid)) return true;
  return started !== undefined && started !== (await startOf(pid));
}

/** Beats that may be missed: a machine under load, a file server that is slow. */
const MISSED = 8;

/** The file by which a holder gives signs of life; its own, so that no other's is touched. */
export function beatFile(path: string, nonce: string): string {
  return `${path}.${nonce}.beat`;
}

/** Gives signs of life as long as a lock is held. @returns ends them */
export function startBeats(path: string, { nonce }: Pick<Holder, 'nonce'>): () => Promise<void> {
  const file = beatFile(path, nonce);
  let last: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    last = writeFile(file, '1').catch(() => undefined);
  }, 1000 * BEAT_SECONDS);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await last;
    await rm(file, { force: true });
  };
}

/**
 * Whether a holder on another machine has given no sign of life for long. Ages are measured by the clock of the file
 * system, which all machines share.
 * @param path of the lock's file
 */
export async function isSilent(
  path: string,
  { host = hostname(), beat, nonce = '' }: Partial<Holder>,
): Promise<boolean> {
  if (host === hostname() || beat === undefined) return false;
  const probe = `${path}.${randomBytes(8).toString('hex')}.new`;
  await writeFile(probe, '1');
  try {
    const dateOf = (file: string): Promise<number> => stat(file).then(({ mtimeMs }) => mtimeMs);
    const [now, taken, last] = await Promise.all([
      dateOf(probe),
      dateOf(path),
      dateOf(beatFile(path, nonce)).catch(() => 0),
    ]);
    return now - Math.max(taken, last) > 1000 * beat * MISSED;
  } catch {
    return false; // the lock went meanwhile
  } finally {
    await rm(probe, { force: true });
  }
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
