import type { ImageSource, SkippedImage } from '../../data/source.ts';
import { canonicalText } from '../../json/differences.ts';
import { readConfig } from './run-files.ts';
import type { RunConfig } from './run-files.ts';
import { readUnreadable } from './unreadable-file.ts';
import { defaultDirectory, runIdentity } from './configuration.ts';
import type { Run } from './run.ts';

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
  const withOldFiles = runIdentity({ ...now, data: { ...now.data, fingerprint: source.fingerprintWith(then) } });
  return canonicalText(withOldFiles) === canonicalText(runIdentity(earlier)) ? new Set(then.keys()) : undefined;
}

/**
 * The folder of a run that names none: that of its configuration, or one that was begun with images that could not be
 * read then.
 */
export async function findDirectory(
  run: WithSource & Pick<Run, 'platform' | 'shard'>,
  config: RunConfig,
): Promise<string> {
  const { files } = run.platform;
  const usual = defaultDirectory(files, config);
  // A shard whose images were mended since is found where --out is given.
  if (run.shard !== undefined) return usual;
  const parent = files.folderOf(usual);
  // Before the hash, the name tells the model and the data.
  const alike = files.nameOf(usual).slice(0, -8);
  const names = await files.namesIn(parent);
  if (names.includes(files.nameOf(usual))) return usual;
  for (const name of names.filter((other) => other.startsWith(alike)).sort()) {
    const directory = files.join(parent, name);
    try {
      const earlier = await readConfig(files, directory);
      const same = earlier !== undefined && canonicalText(runIdentity(earlier)) === canonicalText(runIdentity(config));
      if (same || (earlier && mendedSince(run, config, earlier, await readUnreadable(files, directory))))
        return directory;
    } catch {
      // A damaged folder is not taken for this run; that is reported when it is asked for.
    }
  }
  return usual;
}
