import { join } from 'node:path';
import type { ImageRecord } from '../../evaluation/records.ts';
import { RECORDS_FILE } from './folder-journal.ts';
import { RecordsFile } from './records-file.ts';

/** The records of a run, in its order, for reading alone. */
export async function* readRecords(folder: string): AsyncGenerator<ImageRecord> {
  const file = await RecordsFile.open(join(folder, RECORDS_FILE));
  try {
    yield* file.read();
  } finally {
    await file.close();
  }
}
