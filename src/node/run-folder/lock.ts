import { link, open, readFile, rm, stat } from 'node:fs/promises';
import { misuse } from '../../errors/error.ts';
import { optionWords } from '../../errors/option-words.ts';
import { beatFile, type Holder, isGone, isSilent, parseHolder, startBeats, thisProcess } from './holder.ts';
import { writing } from '../output/output-errors.ts';

/** Name of the file by which a process claims a folder. */
export const LOCK_FILE = 'run.lock';

export interface LockOptions {
  /** Milliseconds that a process which holds the folder may take to leave: a killed one is gone a moment later. */
  readonly patience?: number;
  /** What tests do at the moment between the reading of a lock that a dead process left and its takeover. */
  readonly beforeTakeover?: () => Promise<void>;
}

/**
 * Claims a folder for this process, by a file in it. Of any number of processes that try at once, one succeeds. The
 * lock of a process that is gone, as after kill −9, is taken over.
 *
 * @returns gives the folder back
 * @throws misuse `run-folder-in-use`
 */
export async function lock(path: string, options: LockOptions = {}): Promise<() => Promise<void>> {
  const own = await thisProcess();
  await writing(path, () => acquire(path, path, own, options));
  const stopBeats = startBeats(path, own);
  return async () => {
    await stopBeats();
    if ((await holderAt(path))?.nonce === own.nonce) await rm(path, { force: true });
  };
}

/** @param told the file that messages name: the lock itself */
async function acquire(path: string, told: string, own: Holder, options: LockOptions): Promise<void> {
  const { patience = 1500, beforeTakeover } = options;
  const deadline = performance.now() + patience;
  while (!(await createWith(path, own))) {
    const found = await settledContent(path);
    if (found === undefined) continue;
    const holder = parseHolder(found);
    if (holder !== undefined && !(await isGone(holder)) && !(await isSilent(path, holder))) {
      if (performance.now() >= deadline) throw inUse(told, holder);
      await new Promise((resolve) => setTimeout(resolve, 50));
      continue;
    }
    await beforeTakeover?.();
    await takeOver(path, told, found, holder?.nonce ?? 'unreadable', own);
  }
}

/**
 * Removes the lock that a dead process left, unless it has been replaced since it was read: whoever removes it must
 * hold a lock of its own, named after the dead claim, so that none is removed that another process has put there in
 * between.
 */
async function takeOver(path: string, told: string, found: string, nonce: string, own: Holder): Promise<void> {
  const right = `${path}.${nonce}`;
  await acquire(right, told, own, { patience: 0 });
  try {
    if ((await contentOf(path)) === found) await rm(path, { force: true });
    await rm(beatFile(path, nonce), { force: true });
  } finally {
    await rm(right, { force: true });
  }
}

/**
 * Creates the file with its content at once, so that nobody sees it empty. @returns false where there is one already
 */
async function createWith(path: string, own: Holder): Promise<boolean> {
  const whole = `${path}.${own.nonce}.new`;
  const text = `${JSON.stringify(own)}\n`;
  await createExclusively(whole, text);
  try {
    await link(whole, path);
    return true;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    if (!WITHOUT_LINKS.has(code)) throw error;
    return await createExclusively(path, text).then(
      () => true,
      (refusal: NodeJS.ErrnoException) => {
        if (refusal.code === 'EEXIST') return false;
        throw refusal;
      },
    );
  } finally {
    await rm(whole, { force: true });
  }
}

/** What file systems say that know no hard links. */
const WITHOUT_LINKS: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EINVAL']);

async function createExclusively(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx');
  await file.writeFile(text).finally(() => file.close());
}

/** Where there are no hard links a lock is empty for a moment; a power cut leaves one empty for good. */
const MOMENT_MS = 2000;

/** The content of a lock once it can be read; `undefined` where there is none any more. */
async function settledContent(path: string): Promise<string | undefined> {
  for (;;) {
    const text = await contentOf(path);
    if (text === undefined || parseHolder(text) !== undefined) return text;
    const age = await stat(path).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => undefined,
    );
    if (age === undefined) return undefined;
    if (Math.abs(age) > MOMENT_MS) return text;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function contentOf(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}

async function holderAt(path: string): Promise<Partial<Holder> | undefined> {
  const text = await contentOf(path).catch(() => undefined);
  return text === undefined ? undefined : parseHolder(text);
}

function inUse(path: string, { pid, host, since }: Partial<Holder>): Error {
  const where = host === undefined ? '' : ` on ${host}`;
  return misuse({
    code: 'run-folder-in-use',
    subject: path,
    problem: `process ${pid}${where} is at work in this folder${since === undefined ? '' : ` since ${since}`}.`,
    advice:
      `Wait for it, choose another ${optionWords('out')}, or, if that process is no run of Gimbal or no ` +
      'longer there, delete this file.',
  });
}
