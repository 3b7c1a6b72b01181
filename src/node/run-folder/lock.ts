import { open, readFile, rm } from 'node:fs/promises';
import { misuse } from '../../errors/error.ts';
import { writing } from './output-errors.ts';

/**
 * Claims a folder for this process. A lock whose process is gone, as after kill −9, is taken over.
 *
 * @returns gives the folder back
 * @throws misuse `run-folder-in-use`
 */
export async function lock(path: string): Promise<() => Promise<void>> {
  const holder = Number(await readFile(path, 'utf8').catch(() => ''));
  if (Number.isInteger(holder) && holder > 0 && holder !== process.pid && isAlive(holder)) {
    throw inUse(path, holder);
  }
  await rm(path, { force: true });
  await writing(path, async () => {
    const file = await open(path, 'wx');
    await file.writeFile(`${process.pid}\n`).finally(() => file.close());
  });
  return () => rm(path, { force: true });
}

function isAlive(process_: number): boolean {
  try {
    process.kill(process_, 0);
    return true;
  } catch (error) {
    // EPERM: it is there, but someone else's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function inUse(path: string, holder: number): Error {
  return misuse({
    code: 'run-folder-in-use',
    subject: path,
    problem: `process ${holder} is at work in this folder.`,
    advice: 'Wait for it, choose another --out, or, if that process is no run of Gimbal, delete this file.',
  });
}
