import { z } from 'zod';
import { parseShard, type Shard } from '../../data/shard.ts';
import type { EvaluateOptions } from '../../options/evaluate-options.ts';
import type { Machine } from '../../ports/machine.ts';
import { shardFromEnvironment } from './shard-from-environment.ts';

/** A run that is a part of a larger one, as its `config.json` says. */
export interface RunShard extends Shard {
  /** Images that go through together: a shard consists of such groups. */
  readonly group: number;
  /** Images of all shards together. */
  readonly images: number;
}

export const runShardSchema: z.ZodType<RunShard> = z.looseObject({
  index: z.int().min(1),
  of: z.int().min(1),
  group: z.int().min(1),
  images: z.int().min(1),
});

/** Options with the shard named, where it is to be taken from the environment. @throws misuse `no-shard-told` */
export function withNamedShard(
  options: EvaluateOptions,
  command: string,
  { environment }: Pick<Machine, 'environment'>,
): { readonly options: EvaluateOptions; readonly command: string } {
  if (options.shard !== 'auto') return { options, command };
  const { index, of } = shardFromEnvironment(environment);
  const shard = `${index}/${of}`;
  // The command that is told goes on with this very shard, wherever it is given.
  return { options: { ...options, shard }, command: command.replace(/(--shard[ =]|"shard":")auto\b/, `$1${shard}`) };
}

/** Name of a shard's folder in that of the whole run: `shard-03-of-64`, so that they are listed in their order. */
export function shardFolderName(name: string): string {
  const { index, of } = parseShard(name)!;
  return `shard-${String(index).padStart(String(of).length, '0')}-of-${of}`;
}

/** Whether a name is that of a shard's folder. */
export const isShardFolder = (name: string): boolean => /^shard-\d+-of-\d+$/.test(name);
