import { appendFile, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { CHECKPOINT_BEFORE_FILE, CHECKPOINT_FILE, METRICS_FILE } from '../../applications/train/training-files.ts';
import type { RunStore } from '../../training/run/store.ts';
import { writing } from '../output/output-errors.ts';
import { writeAtomically } from '../output/write-atomically.ts';

const DAMAGED_FILE = 'checkpoint-damaged.bin';

/**
 * A training run's folder, which exists: `checkpoint.bin`, replaced as a whole, `checkpoint-before.bin`, which was
 * there before it, and `metrics.jsonl`, a line for each epoch.
 */
export function folderStore(folder: string): RunStore {
  const [newest, before, damaged, metrics] = [CHECKPOINT_FILE, CHECKPOINT_BEFORE_FILE, DAMAGED_FILE, METRICS_FILE].map(
    (name) => join(folder, name),
  );
  const load = (path: string): Promise<Buffer | undefined> =>
    readFile(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
  return {
    name: folder,
    // A kill between the two renames of a save leaves the one before alone.
    load: async (which = 'newest') => (which === 'newest' ? ((await load(newest)) ?? load(before)) : load(before)),
    save: (bytes) =>
      writeAtomically(newest, bytes, {
        beforeRename: () => writing(newest, () => moveIfThere(newest, before)),
      }),
    setAside: () => writing(damaged, () => moveIfThere(newest, damaged)),
    resetMetrics: (lines) => writeAtomically(metrics, lines.map((line) => `${JSON.stringify(line)}\n`).join('')),
    appendMetrics: (line) => writing(metrics, () => appendFile(metrics, `${JSON.stringify(line)}\n`)),
  };
}

async function moveIfThere(from: string, to: string): Promise<void> {
  await rename(from, to).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
}
