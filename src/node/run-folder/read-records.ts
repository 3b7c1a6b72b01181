import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { misuse } from '../../errors/error.ts';
import type { ImageRecord } from '../../evaluation/records.ts';
import { RecordsFile } from './records-file.ts';
import { CONFIG_FILE, RECORDS_FILE, type RunConfig, readConfig, notAllOf, readResult } from './run-files.ts';

/**
 * The records of a run, finished or not, in the order of its images; its folder is left as it is.
 * @throws misuse `run-folder-damaged`
 */
export async function* readRecords(directory: string): AsyncGenerator<ImageRecord> {
  const result = await readResult(directory);
  let count = 0;
  for await (const record of RecordsFile.readOnly(join(directory, RECORDS_FILE))) {
    count++;
    yield record;
  }
  if (result !== undefined && result.n !== count) throw notAllOf(directory, count, result.n);
}

/**
 * What the `config.json` of a run says.
 * @throws misuse `not-a-run-folder`, `run-folder-damaged`
 */
export async function readRunConfig(directory: string): Promise<RunConfig> {
  const there = (name: string): Promise<boolean> =>
    access(join(directory, name)).then(
      () => true,
      () => false,
    );
  const config = (await there(RECORDS_FILE)) && (await there(CONFIG_FILE)) ? await readConfig(directory) : undefined;
  if (config !== undefined) return config;
  throw misuse({
    code: 'not-a-run-folder',
    subject: directory,
    problem: `is not the folder of an evaluation, which holds ${CONFIG_FILE} and ${RECORDS_FILE}.`,
    advice: 'Name one that gimbal evaluate wrote: it stands in front of report.html at the end of what that prints.',
  });
}
