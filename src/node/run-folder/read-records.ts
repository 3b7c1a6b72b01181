import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { misuse } from '../../errors/error.ts';
import type { ImageRecord } from '../../evaluation/records.ts';
import { RECORDS_FILE } from './folder-journal.ts';
import { RecordsFile } from './records-file.ts';
import { CONFIG_FILE, type RunConfig } from './run-folder.ts';

/** The records of a run, finished or not, in the order of its images; its folder is left as it is. */
export function readRecords(directory: string): AsyncGenerator<ImageRecord> {
  return RecordsFile.readOnly(join(directory, RECORDS_FILE));
}

/**
 * What the `config.json` of a run says.
 * @throws misuse `not-a-run-folder`
 */
export async function readRunConfig(directory: string): Promise<RunConfig> {
  try {
    const config = JSON.parse(await readFile(join(directory, CONFIG_FILE), 'utf8')) as RunConfig;
    await access(join(directory, RECORDS_FILE));
    if ([config.versions, config.model, config.data, config.options].every((part) => typeof part === 'object'))
      return config;
  } catch {
    // Told below.
  }
  throw misuse({
    code: 'not-a-run-folder',
    subject: directory,
    problem: `is not the folder of an evaluation, which holds ${CONFIG_FILE} and ${RECORDS_FILE}.`,
    advice: 'Name one that gimbal evaluate wrote: it stands in front of report.html at the end of what that prints.',
  });
}
