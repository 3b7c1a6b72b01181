import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { nodePlatform } from '../../node/platform.ts';
import type { RunStanding } from '../evaluate/run-folder.ts';
import { writeConfig } from '../evaluate/run-files.ts';
import type { Platform } from '../platform.ts';
import { type ShardsSeen, watchShards } from './watch-shards.ts';

const running: RunStanding = { images: 2, isFinished: false, isHeld: true, idleSeconds: 1 };
const cut: RunStanding = { ...running, isHeld: false };
const done: RunStanding = { ...cut, images: 8, isFinished: true };

it('looks until all are done, and tells once of a shard that is cut off, and again after it ran', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gimbal-watch-'));
  let standings: readonly RunStanding[] = [];
  let seconds = 100;
  const platform: Platform = {
    ...nodePlatform,
    clock: { seconds: () => seconds },
    runs: {
      ...nodePlatform.runs,
      standing: async (directory) => standings[Number(/shard-(\d)/.exec(directory)![1]) - 1],
    },
  };
  try {
    const looks = watchShards(platform, [folder]);
    const look = async (...now: RunStanding[]) => {
      standings = now;
      const { value } = (await looks.next()) as IteratorYieldResult<ShardsSeen>;
      seconds += 10;
      const { states, cutOff, ...rest } = value;
      return { ...rest, cutOff: cutOff.map(({ name }) => name), conditions: states?.map(({ condition }) => condition) };
    };
    expect(await look()).toEqual({ fresh: 0, seconds: 0, cutOff: [], conditions: undefined });
    for (const index of [1, 2]) {
      const shard = join(folder, `shard-${index}-of-2`);
      await mkdir(shard);
      await writeFile(join(shard, 'images.jsonl'), '');
      await writeConfig(nodePlatform.files, shard, {
        versions: {},
        command: 'gimbal evaluate m',
        model: { name: 'm', sha256: '0' },
        data: { name: 'd', fingerprint: '0' },
        options: {},
        shard: { index, of: 2, group: 8, images: 16 },
      });
    }
    expect(await look(running, cut)).toMatchObject({ fresh: 0, cutOff: ['2/2'], conditions: ['running', 'cut off'] });
    expect(await look({ ...running, images: 5 }, cut)).toMatchObject({ fresh: 3, seconds: 20, cutOff: [] });
    expect(await look(done, running)).toMatchObject({ fresh: 6, conditions: ['done', 'running'] });
    expect(await look(done, cut)).toMatchObject({ cutOff: ['2/2'] });
    expect(await look(done, done)).toMatchObject({ fresh: 12, conditions: ['done', 'done'] });
    expect((await looks.next()).done).toBe(true);
  } finally {
    await rm(folder, { recursive: true });
  }
});
