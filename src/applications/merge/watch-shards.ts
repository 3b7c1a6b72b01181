import { GimbalError } from '../../errors/error.ts';
import type { Platform } from '../platform.ts';
import { type ShardState, shardStates } from './shard-states.ts';

/** How the shards of an evaluation stand at a moment. */
export interface ShardsSeen {
  /** Of all shards; undefined where none has begun. */
  readonly states?: readonly ShardState[];
  /** Those that are cut off and were not when they were last seen. */
  readonly cutOff: readonly ShardState[];
  /** Images finished since the first look, and the seconds that this took. */
  readonly fresh: number;
  readonly seconds: number;
}

/**
 * Looks at the shards of an evaluation, once each time that it is asked for the next, until all are done. Whoever asks
 * waits between looks.
 *
 * ```ts
 * for await (const { states } of watchShards(platform, ['shards'])) {
 *   show(states);
 *   await new Promise((go) => setTimeout(go, 30_000));
 * }
 * ```
 *
 * @throws misuse as `findShards`
 */
export async function* watchShards(platform: Platform, folders: readonly string[]): AsyncGenerator<ShardsSeen> {
  const { clock } = platform;
  const began = clock.seconds();
  let before = new Set<string>();
  let doneAtFirst: number | undefined;
  for (;;) {
    const states = await shardStates(platform, folders).catch(unlessNoneBegan);
    const done = doneIn(states ?? []);
    if (states !== undefined) doneAtFirst ??= done;
    const cutOff = states?.filter(({ condition }) => condition === 'cut off') ?? [];
    yield {
      states,
      cutOff: cutOff.filter(({ name }) => !before.has(name)),
      fresh: done - (doneAtFirst ?? 0),
      seconds: clock.seconds() - began,
    };
    if (states !== undefined) before = new Set(cutOff.map(({ name }) => name));
    if (states?.every(({ condition }) => condition === 'done')) return;
  }
}

/** Images that are finished, of all shards. */
export function doneIn(states: readonly ShardState[]): number {
  return states.reduce((sum, { done }) => sum + done, 0);
}

function unlessNoneBegan(error: unknown): undefined {
  if (!(error instanceof GimbalError && error.issue.code === 'no-shards')) throw error;
}
