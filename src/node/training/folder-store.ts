import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunStore } from '../../training/run/store.ts';
import { makeFolder } from '../output/make-folder.ts';
import { writing } from '../output/output-errors.ts';
import { writeAtomically } from '../output/write-atomically.ts';

export const CHECKPOINT_FILE = 'checkpoint.bin';
export const MODEL_FILE = 'model.onnx';
export const METRICS_FILE = 'metrics.jsonl';

/** A training run's folder: `checkpoint.bin`, replaced as a whole, and `metrics.jsonl`, a line for each epoch. */
export async function folderStore(folder: string): Promise<RunStore> {
  await makeFolder(folder);
  const checkpoint = join(folder, CHECKPOINT_FILE);
  const metrics = join(folder, METRICS_FILE);
  return {
    async load() {
      try {
        return await readFile(checkpoint);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw error;
      }
    },
    save: (bytes) => writeAtomically(checkpoint, bytes),
    resetMetrics: (lines) => writeAtomically(metrics, lines.map((line) => `${JSON.stringify(line)}\n`).join('')),
    appendMetrics: (line) => writing(metrics, () => appendFile(metrics, `${JSON.stringify(line)}\n`)),
  };
}
