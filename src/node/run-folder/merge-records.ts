import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImageRecord } from '../../evaluation/records.ts';
import { LossesFile, removeLosses } from './losses-file.ts';
import { RecordsFile } from './records-file.ts';
import { checksumsFile } from './row-checksums.ts';
import { RECORDS_FILE } from '../../applications/evaluate/run-files.ts';
import { newName, swapFiles } from './swap-files.ts';

/**
 * Writes the records and losses of a run anew, with some put in the place of those of the same images or between
 * others.
 * A row of losses belongs to each record, in the same order.
 * @param fresh records in the order of the data set
 * @param rows the losses of `fresh` by name of the file
 */
export async function mergeRecords(
  directory: string,
  records: RecordsFile,
  losses: ReadonlyMap<string, LossesFile>,
  fresh: readonly ImageRecord[],
  rows: ReadonlyMap<string, readonly Float32Array[]>,
): Promise<void> {
  const kept: ImageRecord[] = [];
  for await (const record of records.read()) kept.push(record);
  const order = mergedOrder(kept, fresh);
  const names = [RECORDS_FILE, ...losses.keys()];
  const path = (name: string) => join(directory, newName(name));
  await removeLosses(path(RECORDS_FILE));
  const merged = await RecordsFile.open(path(RECORDS_FILE));
  await merged.append(order.map(({ from, at }) => (from === 'kept' ? kept : fresh)[at]));
  await merged.close();
  for (const [name, file] of losses) await mergeRows(path(name), file, rows.get(name) ?? [], order);
  for (const name of names) await rename(checksumsFile(path(name)), path(checksumsFile(name)));
  await swapFiles(
    directory,
    names.flatMap((name) => [name, checksumsFile(name)]),
  );
}

interface Place {
  readonly from: 'kept' | 'fresh';
  readonly at: number;
}

/** Where each record of the merged file comes from. */
function mergedOrder(kept: readonly ImageRecord[], fresh: readonly ImageRecord[]): Place[] {
  const replaced = new Set(fresh.map(({ index }) => index));
  const places = [
    ...kept.map(({ index }, at) => ({ index, from: 'kept' as const, at })).filter(({ index }) => !replaced.has(index)),
    ...fresh.map(({ index }, at) => ({ index, from: 'fresh' as const, at })),
  ];
  return places.sort((one, other) => one.index - other.index);
}

/** Rows that are written at once. */
const TOGETHER = 64;

async function mergeRows(
  path: string,
  file: LossesFile,
  fresh: readonly Float32Array[],
  order: readonly Place[],
): Promise<void> {
  await removeLosses(path);
  const merged = await LossesFile.create(path, file.columns);
  try {
    for (let first = 0; first < order.length; first += TOGETHER) {
      const places = order.slice(first, first + TOGETHER);
      await merged.append(
        await Promise.all(places.map(({ from, at }) => (from === 'fresh' ? fresh[at] : file.row(at)))),
      );
    }
    await merged.finish();
  } finally {
    await merged.close();
  }
}
