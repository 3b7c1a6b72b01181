import { formatShard } from '../../data/shard.ts';
import type { Platform } from '../platform.ts';
import { findShards } from './find-shards.ts';

/** Seconds without a change after which a shard that a process still holds counts as silent. */
const SILENT = 600;

/**
 * How a shard stands: `done`; `running`; `silent`, held by a process but unchanged for long; `cut off`, begun and held
 * by nobody; `not begun`.
 */
export type ShardCondition = 'done' | 'running' | 'silent' | 'cut off' | 'not begun';

/** How far a shard is. */
export interface ShardState {
  /** `3/64` */
  readonly name: string;
  readonly condition: ShardCondition;
  /** Images that are finished, and that there are. */
  readonly done: number;
  readonly images: number;
  /** What goes on with it; absent where it has not begun. */
  readonly command?: string;
}

/**
 * How all shards of an evaluation stand, without reading what they found.
 * @throws misuse as `findShards`
 */
export async function shardStates({ files, runs }: Platform, folders: readonly string[]): Promise<ShardState[]> {
  const { found, missing } = await findShards(files, folders);
  const begun = found
    .filter(({ images }) => images > 0)
    .map(async ({ folder, shard, images, config }): Promise<ShardState> => {
      const standing = await runs.standing(folder);
      const condition = standing?.isFinished
        ? 'done'
        : !standing?.isHeld
          ? 'cut off'
          : standing.idleSeconds > SILENT
            ? 'silent'
            : 'running';
      const done = Math.min(standing?.images ?? 0, images);
      const command = config.command;
      return { name: formatShard(shard), condition, done: condition === 'done' ? images : done, images, command };
    });
  const states = await Promise.all(begun);
  const open = missing.map(({ shard, images }): ShardState => ({
    name: formatShard(shard),
    condition: 'not begun',
    done: 0,
    images,
  }));
  return [...states, ...open].sort((a, b) => parseInt(a.name, 10) - parseInt(b.name, 10));
}
