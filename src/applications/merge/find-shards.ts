import { type Shard, formatShard, shardLength } from '../../data/shard.ts';
import { misuse } from '../../errors/error.ts';
import { optionWords } from '../../errors/option-words.ts';
import { bySchema } from '../../json/by-schema.ts';
import { type Json, differences } from '../../json/differences.ts';
import type { Files } from '../../ports/files.ts';
import { optionKey, runIdentity } from '../evaluate/configuration.ts';
import { readConfig, readRunConfig, type RunConfig } from '../evaluate/run-files.ts';
import { isShardFolder, type RunShard, runShardSchema } from '../evaluate/shard.ts';

/** The folder of a shard. */
export interface ShardFolder {
  readonly folder: string;
  readonly config: RunConfig;
  readonly shard: RunShard;
  /** Images that it is to have in the end, unreadable ones among them. */
  readonly images: number;
}

/** The shards of one evaluation, in their order. */
export interface ShardSet {
  readonly of: number;
  /** Images of the whole evaluation. */
  readonly images: number;
  readonly found: readonly ShardFolder[];
  /** Shards that have images, and no folder. */
  readonly missing: readonly { readonly shard: Shard; readonly images: number }[];
}

/**
 * Finds the shards in folders that are each a shard's, or hold those of several.
 * @throws misuse `no-shards`, `not-a-shard`, `shard-twice`, `other-shards` (names how they differ),
 *   `run-folder-damaged`
 */
export async function findShards(files: Files, folders: readonly string[]): Promise<ShardSet> {
  const paths = (await Promise.all(folders.map((folder) => shardPaths(files, folder)))).flat();
  const found: ShardFolder[] = [];
  for (const path of paths) found.push(await readShard(files, path));
  found.sort((a, b) => a.shard.index - b.shard.index);
  refuseDifferences(found);
  refuseTwice(found);
  const [{ shard }] = found;
  const { of, group, images } = shard;
  const there = new Set(found.map((one) => one.shard.index));
  const missing = Array.from({ length: of }, (_, i) => ({ index: i + 1, of }))
    .filter(({ index }) => !there.has(index))
    .map((one) => ({ shard: one, images: shardLength(images, one, group) }))
    .filter((one) => one.images > 0);
  return { of, images, found, missing };
}

async function shardPaths(files: Files, folder: string): Promise<string[]> {
  const names = await files.namesIn(folder);
  const within = names.filter(isShardFolder).sort();
  if (within.length > 0) {
    const paths = within.map((name) => files.join(folder, name));
    // A shard that was asked for and had not begun leaves an empty folder.
    const begun = await Promise.all(paths.map((path) => readConfig(files, path)));
    return paths.filter((_, i) => begun[i] !== undefined);
  }
  if (names.length > 0) return [folder];
  throw misuse({
    code: 'no-shards',
    subject: folder,
    problem: `${(await files.kindOf(folder)) === 'folder' ? 'is empty' : 'is no folder'}.`,
    advice: `Give the ${optionWords('out')} of the shards that gimbal evaluate wrote by ${optionWords('shard')}.`,
  });
}

async function readShard(files: Files, folder: string): Promise<ShardFolder> {
  const config = await readRunConfig(files, folder);
  if (config.shard === undefined) {
    throw misuse({
      code: 'not-a-shard',
      subject: folder,
      problem: 'is the folder of a whole evaluation, not of a shard.',
      advice: `Give folders that gimbal evaluate wrote by ${optionWords('shard')}.`,
    });
  }
  const shard = bySchema(config.shard, runShardSchema, {
    code: 'run-folder-damaged',
    subject: `${folder}: 'shard' in its config.json`,
  });
  return { folder, config, shard, images: shardLength(shard.images, shard, shard.group) };
}

/** What all shards of an evaluation have in common. */
export function commonIdentity({ config, shard }: Pick<ShardFolder, 'config' | 'shard'>): Json {
  const identity = Object.entries(runIdentity(config)).filter(([key]) => key !== optionKey('shard'));
  const { of, group, images } = shard;
  return { ...Object.fromEntries(identity), shards: of, group, images };
}

function refuseDifferences([first, ...others]: readonly ShardFolder[]): void {
  if (first === undefined) {
    throw misuse({
      code: 'no-shards',
      subject: 'shards',
      problem: 'none has begun.',
      advice: `Give the ${optionWords('out')} of the shards that gimbal evaluate wrote by ${optionWords('shard')}.`,
    });
  }
  for (const other of others) {
    const apart = differences(commonIdentity(first), commonIdentity(other), ['there', 'here']);
    if (apart.length === 0) continue;
    throw misuse({
      code: 'other-shards',
      subject: other.folder,
      problem: `is no shard of the same evaluation as ${first.folder} (${apart.join('; ')}).`,
      advice: 'Evaluate it with the same options, model, data and version of Gimbal, or leave it out.',
    });
  }
}

function refuseTwice(found: readonly ShardFolder[]): void {
  const twice = found.find(({ shard }, i) => shard.index === found[i - 1]?.shard.index);
  if (twice === undefined) return;
  const [one, other] = found.filter(({ shard }) => shard.index === twice.shard.index);
  throw misuse({
    code: 'shard-twice',
    subject: other.folder,
    problem: `holds shard ${formatShard(twice.shard)}, as ${one.folder} does.`,
    advice: 'Name one of the two.',
  });
}
