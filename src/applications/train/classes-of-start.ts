import { z } from 'zod';
import type { ModelClasses } from '../../evaluation/fit-classes.ts';
import { readTextIfThere } from '../../ports/read-text.ts';
import { TRAINING_CONFIG_FILE } from './training-files.ts';
import type { Files } from '../../ports/files.ts';

/**
 * The classes of a run that another begins with, by its `config.json`.
 * @param path run folder, or a checkpoint in one
 * @returns `undefined` where it does not tell the names of its classes
 */
export async function classesOfStart(files: Files, path: string): Promise<ModelClasses | undefined> {
  const isFolder = (await files.kindOf(path)) === 'folder';
  const file = files.join(isFolder ? path : files.folderOf(path), TRAINING_CONFIG_FILE);
  const text = await readTextIfThere(files, file);
  const names = text === undefined ? undefined : namesIn(text);
  return (
    names && {
      name: path,
      outputs: names.length,
      labelOffset: 0,
      offsetGiven: true,
      list: { names, from: file },
    }
  );
}

const configSchema = z.object({ data: z.object({ classNames: z.array(z.string()) }) });

/** A file of an earlier version, or a damaged one, tells nothing; what the weights fit is checked by themselves. */
function namesIn(text: string): string[] | undefined {
  try {
    return configSchema.safeParse(JSON.parse(text)).data?.data.classNames;
  } catch {
    return undefined;
  }
}
