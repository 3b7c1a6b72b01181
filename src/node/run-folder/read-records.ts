import { join } from 'node:path';
import type { ImageRecord } from '../../evaluation/records.ts';
import { LossesFile } from './losses-file.ts';
import { lossesFileName } from './losses-name.ts';
import { RecordsFile } from './records-file.ts';
import { nodeFiles } from '../files.ts';
import { RECORDS_FILE, notAllOf, readResult } from '../../applications/evaluate/run-files.ts';

/**
 * The records of a run, finished or not, in the order of its images; its folder is left as it is.
 * @throws misuse `run-folder-damaged`
 */
export async function* readRecords(directory: string): AsyncGenerator<ImageRecord> {
  const result = await readResult(nodeFiles, directory);
  let count = 0;
  for await (const record of RecordsFile.readOnly(join(directory, RECORDS_FILE))) {
    count++;
    yield record;
  }
  if (result !== undefined && result.n !== count) throw notAllOf(join(directory, RECORDS_FILE), count, result.n);
}

/** The losses of a run's records under an attack; see `RunFolders`. */
export function readLosses(directory: string, attack: string): AsyncGenerator<Float32Array> {
  return LossesFile.readOnly(join(directory, lossesFileName(attack)));
}
