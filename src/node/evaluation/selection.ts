import { z } from 'zod';
import { parseExclusion, type Selection } from '../../data/selection.ts';
import type { DataOptions } from '../../options/data-options.ts';
import { readJson } from '../../ports/read-json.ts';
import { nodeFiles } from '../files.ts';

/**
 * Which images of a data set options choose.
 * @throws misuse `unreadable-file`, `exclusion-unreadable`, `malformed-exclusion`
 */
export async function selectionOf(
  options: Partial<Pick<DataOptions, 'offset' | 'limit' | 'spread' | 'exclude'>> & Pick<DataOptions, 'split'>,
): Promise<Selection> {
  const { offset, limit, spread, exclude, split } = options;
  return { offset, limit, spread, exclude: exclude === undefined ? [] : await readExclusion(exclude, split) };
}

async function readExclusion(path: string, split: string): Promise<number[]> {
  const value = await readJson(nodeFiles, path, z.unknown(), {
    code: 'exclusion-unreadable',
    advice: '--exclude takes a JSON file with a list of indices.',
  });
  return parseExclusion(value, split, path);
}
