import { z } from 'zod';
import { parseExclusion, type Selection } from '../../data/selection.ts';
import type { DataOptions } from '../../options/data-options.ts';
import { readJson } from '../../ports/read-json.ts';
import type { Files } from '../../ports/files.ts';
import { optionWords } from '../../errors/option-words.ts';

/**
 * Which images of a data set options choose.
 * @throws misuse `unreadable-file`, `exclusion-unreadable`, `malformed-exclusion`
 */
export async function selectionOf(
  files: Files,
  options: Partial<Pick<DataOptions, 'offset' | 'limit' | 'spread' | 'exclude'>> & Pick<DataOptions, 'split'>,
): Promise<Selection> {
  const { offset, limit, spread, exclude, split } = options;
  return { offset, limit, spread, exclude: exclude === undefined ? [] : await readExclusion(files, exclude, split) };
}

async function readExclusion(files: Files, path: string, split: string): Promise<number[]> {
  const value = await readJson(files, path, z.unknown(), {
    code: 'exclusion-unreadable',
    advice: `${optionWords('exclude')} takes a JSON file with a list of indices.`,
  });
  return parseExclusion(value, split, path);
}
