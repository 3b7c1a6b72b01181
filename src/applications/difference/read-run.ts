import { readRunConfig } from '../evaluate/run-files.ts';
import type { Platform } from '../platform.ts';
import type { ComparedRun } from './difference.ts';

/**
 * A run that was made before, finished or not; its folder is left as it is.
 * @throws misuse `not-a-run-folder`, `run-folder-damaged`
 */
export async function readRun({ files, runs }: Pick<Platform, 'files' | 'runs'>, folder: string): Promise<ComparedRun> {
  return { folder, config: await readRunConfig(files, folder), records: () => runs.records(folder) };
}
