import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { ImageSource, SkippedImage } from '../../data/source.ts';
import { canonicalText } from '../run-folder/differences.ts';
import type { Json } from '../run-folder/differences.ts';
import { readConfig } from '../run-folder/run-files.ts';
import type { RunConfig } from '../run-folder/run-files.ts';
import { readUnreadable } from '../run-folder/unreadable-file.ts';
import { defaultDirectory, runIdentity } from './configuration.ts';

type WithSource = { readonly source: ImageSource };

/**
 * Images that an earlier part of a run could not read and whose files are others by now, where nothing else tells the
 * two apart: the fingerprint of the data with the old files is the earlier one.
 * @returns their indices; `undefined` where more is different
 */
export function mendedSince(
  { source }: WithSource,
  now: RunConfig,
  earlier: RunConfig,
  unreadable: readonly SkippedImage[],
): ReadonlySet<number> | undefined {
  const then = new Map(unreadable.map(({ position, sha256 }) => [position, sha256]));
  if (then.size === 0 || source.fingerprintWith === undefined) return undefined;
  const data = { ...(now.data as object), fingerprint: source.fingerprintWith(then) };
  const withOldFiles = runIdentity({ ...now, data: data as unknown as Json });
  return canonicalText(withOldFiles) === canonicalText(runIdentity(earlier)) ? new Set(then.keys()) : undefined;
}

/**
 * The folder of a run that names none: that of its configuration, or one that was begun with images that could not be
 * read then.
 */
export async function findDirectory(run: WithSource, config: RunConfig): Promise<string> {
  const usual = defaultDirectory(config);
  const parent = dirname(usual);
  // Before the hash, the name tells the model and the data.
  const alike = basename(usual).slice(0, -8);
  const names = await readdir(parent).catch((): string[] => []);
  if (names.includes(basename(usual))) return usual;
  for (const name of names.filter((other) => other.startsWith(alike)).sort()) {
    const directory = join(parent, name);
    try {
      const earlier = await readConfig(directory);
      const same = earlier !== undefined && canonicalText(runIdentity(earlier)) === canonicalText(runIdentity(config));
      if (same || (earlier && mendedSince(run, config, earlier, await readUnreadable(directory)))) return directory;
    } catch {
      // A damaged folder is not taken for this run; it is told of when it is asked for.
    }
  }
  return usual;
}
