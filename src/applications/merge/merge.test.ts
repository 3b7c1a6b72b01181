import { appendFile, cp, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { arraySource } from '../../data/array-source.ts';
import type { EvaluationResult } from '../../evaluation/records.ts';
import { nodePlatform } from '../../node/platform.ts';
import { evaluateSchema, type EvaluateOptions } from '../../options/evaluate-options.ts';
import { readOptions } from '../../options/read-options.ts';
import { fakeClassifier } from '../../testing/fake-classifier.ts';
import { completeRun, withKeptRun } from '../evaluate/kept-run.ts';
import type { Platform } from '../platform.ts';
import { findShards } from './find-shards.ts';
import { mergeOn, type MergeRequest } from './merge.ts';
import { shardStates } from './shard-states.ts';

const SHAPE = { channels: 1, height: 28, width: 28 };
const SHARDS = 16;
/** Two groups of 32 more than shards, the last of 15 images: every shard has one or two. */
const IMAGES = (SHARDS + 1) * 32 + 15;
const MODEL = 'mnist-w10-30';

const images = Array.from({ length: IMAGES }, (_, i) =>
  Float32Array.from({ length: 28 * 28 }, (_, p) => ((p * 7 + i * 13) % 101) / 100),
);
const labels = images.map((_, i) => (i * 7) % 10);

let loaded: ReturnType<Platform['models']['load']> | undefined;

/** Node, but for images and a classifier that are made up: scores that the transformation moves. */
function platformWith(count = IMAGES, environment: Record<string, string> = {}): Platform {
  return {
    ...nodePlatform,
    machine: {
      ...nodePlatform.machine,
      environment,
      origin: async () => ({
        versions: { gimbal: 'test' },
        commit: null,
        machine: 'none',
        begun: '2026-11-30T12:00:00.000Z',
      }),
    },
    images: {
      ...nodePlatform.images,
      open: async () =>
        arraySource({ images: images.slice(0, count), labels: labels.slice(0, count), shape: SHAPE, classes: 10 }),
    },
    models: {
      ...nodePlatform.models,
      load: (...given) => (loaded ??= nodePlatform.models.load(...given)),
      start: async () =>
        fakeClassifier(SHAPE, 10, (pixels, transformations) => {
          const turned = transformations.reduce((sum, { angle, tx }) => sum + angle / 30 + tx / 3, 0);
          return Array.from({ length: 10 }, (_, k) => Math.cos(k * pixels[0] * 9 + turned) + (k % 3) * pixels[5]);
        }),
    },
  };
}

const platform = platformWith();
const BASE = {
  model: MODEL,
  data: 'made up',
  attacks: 'natural,grid',
  grid: '1x1x3',
  exhaustive: true,
  examples: 2,
  landscapes: 0,
};

function optionsOf(more: object): EvaluateOptions {
  const values = { ...BASE, threads: 1, ...more };
  return readOptions(evaluateSchema, [{ values, describe: (name) => name }]);
}

async function evaluate(
  more: { readonly out: string; readonly shard?: string },
  on = platform,
  stopAfter = Infinity,
): Promise<EvaluationResult> {
  const controller = new AbortController();
  const { out, shard } = more;
  const command = `gimbal evaluate ${MODEL}${shard === undefined ? '' : ` --shard ${shard}`} --out ${out}`;
  const hooks = {
    signal: controller.signal,
    onEvent(event: { kind: string; progress?: unknown }) {
      if (event.kind === 'progress' && (event.progress as { done: number }).done >= stopAfter) controller.abort();
    },
  };
  const { result } = await withKeptRun(on, optionsOf(more), command, hooks, (run) => completeRun(run, hooks));
  return result;
}

const merge = (request: MergeRequest, on = platform): Promise<EvaluationResult> =>
  mergeOn(on, request, {}, async (_run, result) => result);

let folder: string;
let whole: EvaluationResult;
const shards = (): string => join(folder, 'shards');
const shardFolder = (index: number): string => join(shards(), `shard-${String(index).padStart(2, '0')}-of-${SHARDS}`);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gimbal-merge-'));
  whole = await evaluate({ out: join(folder, 'whole') });
  for (let index = 1; index <= SHARDS; index++) {
    // Every eighth is killed: asked to stop after its first group, with half a line behind the last whole one.
    if (index % 8 === 1) {
      const cut = evaluate({ out: shards(), shard: `${index}/${SHARDS}` }, platform, 0);
      await expect(cut).rejects.toMatchObject({ name: 'AbortError' });
      await appendFile(join(shardFolder(index), 'images.jsonl'), '{"index": 9');
    }
    await evaluate({ out: shards(), shard: `${index}/${SHARDS}` });
  }
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A report without what tells when and where it was made. */
const timeless = (text: string): string =>
  text.replaceAll(/It took [\d.: a-z]+|passes, [^,]*,/g, 'T').replaceAll(/(merged|whole)\b/g, 'OUT');

describe('shards', () => {
  it('merge to the bytes of one machine: records, losses, checksums, result and report', async () => {
    const out = join(folder, 'merged');
    const result = await merge({ folders: [shards()], out });
    expect({ ...result, seconds: 0 }).toEqual({ ...whole, seconds: 0 });
    expect(result.seconds).toBeGreaterThan(0);
    const names = (await readdir(join(folder, 'whole'))).filter((name) => /jsonl|npy|crc32|csv|sweeps/.test(name));
    expect(names).toEqual(expect.arrayContaining(['losses-grid.npy', 'sweeps.json']));
    for (const name of names)
      expect((await readFile(join(out, name))).equals(await readFile(join(folder, 'whole', name)))).toBe(true);
    for (const name of ['report.html', 'report.md']) {
      const [one, other] = await Promise.all(
        [out, join(folder, 'whole')].map((path) => readFile(join(path, name), 'utf8')),
      );
      expect(timeless(one)).toBe(timeless(other));
      // The day and the machine are those of the shards.
      expect(one).toContain(name.endsWith('.html') ? '30 November 2026 · none · Gimbal' : '30 November 2026, Gimbal');
    }
    const again = await merge({ folders: [shards()], out });
    expect(again).toEqual(result);
  });

  it('go on with a merge that was cut off', async () => {
    const out = join(folder, 'again');
    const controller = new AbortController();
    const cut = mergeOn(
      platform,
      { folders: [shards()], out },
      { signal: controller.signal, onEvent: () => controller.abort() },
      async () => undefined,
    );
    await expect(cut).rejects.toMatchObject({ name: 'AbortError' });
    await merge({ folders: [shards()], out });
    expect(await readFile(join(out, 'images.jsonl'), 'utf8')).toBe(
      await readFile(join(folder, 'whole', 'images.jsonl'), 'utf8'),
    );
  });

  it('are told by number', async () => {
    const states = await shardStates(platform, [shards()]);
    expect(states).toHaveLength(SHARDS);
    expect(states[0]).toMatchObject({ name: `1/${SHARDS}`, condition: 'done', done: 64, images: 64 });
    expect(states[1]).toMatchObject({ name: `2/${SHARDS}`, condition: 'done', images: 32 + 15 });
    expect(states.reduce((sum, { images }) => sum + images, 0)).toBe(IMAGES);
  });
});

describe('gaps, overlaps and differences', () => {
  let some: string;
  beforeAll(async () => {
    some = join(folder, 'some');
    await cp(shards(), some, { recursive: true });
    await rm(join(some, `shard-03-of-${SHARDS}`), { recursive: true });
    await rm(join(some, `shard-09-of-${SHARDS}`, 'result.json'));
  });

  it('are refused by name: a shard that is missing, one that is not finished', async () => {
    const refused = merge({ folders: [some], out: join(folder, 'gap') });
    await expect(refused).rejects.toMatchObject({
      kind: 'misuse',
      issue: {
        code: 'shards-missing',
        problem:
          `1 of ${SHARDS} have no folder (3/${SHARDS}), with 32 images; 1 are not finished (9/${SHARDS}), with 32 ` +
          `images of ${IMAGES}.`,
      },
    });
    await expect(refused).rejects.toThrow(`--shard 9/${SHARDS} --out`);
    expect(await readdir(folder)).not.toContain('gap');
    expect((await shardStates(platform, [some])).filter(({ condition }) => condition !== 'done')).toMatchObject([
      { name: `3/${SHARDS}`, condition: 'not begun', images: 32 },
      { name: `9/${SHARDS}`, condition: 'cut off', done: 32, command: expect.stringContaining(`--shard 9/${SHARDS}`) },
    ]);
  });

  it('are told of where a part is asked for', async () => {
    const result = await merge({ folders: [some], out: join(folder, 'part'), partial: true });
    expect(result).toMatchObject({ n: IMAGES - 32, skipped: 0 });
    expect(result.warnings).toContain(
      `This is a part: ${IMAGES - 32} of ${IMAGES} images are there (of ${SHARDS} shards ${SHARDS - 1} had begun).`,
    );
    await expect(merge({ folders: [shards()], out: join(folder, 'part') })).rejects.toMatchObject({
      issue: { code: 'other-configuration' },
    });
  });

  it('are refused by name: the same shard twice, a whole run, no run', async () => {
    const [one, other] = [shardFolder(5), join(some, `shard-05-of-${SHARDS}`)];
    await expect(merge({ folders: [one, other], out: join(folder, 'x') })).rejects.toMatchObject({
      issue: { code: 'shard-twice', subject: other, problem: `holds shard 5/${SHARDS}, as ${one} does.` },
    });
    await expect(merge({ folders: [join(folder, 'whole')], out: join(folder, 'x') })).rejects.toMatchObject({
      issue: { code: 'not-a-shard' },
    });
    await expect(merge({ folders: [join(folder, 'nothing')], out: join(folder, 'x') })).rejects.toMatchObject({
      issue: { code: 'no-shards' },
    });
  });

  it.each([
    ['another number of shards', { shard: '1/2' }, undefined, `shards: ${SHARDS} there, 2 here`],
    ['other settings', { shard: `3/${SHARDS}`, seed: 1 }, undefined, "'seed': 0 there, 1 here"],
    ['other data', { shard: `3/${SHARDS}` }, 300, 'data.fingerprint'],
  ])('are refused by name: %s', async (name, more, count, told) => {
    const out = join(folder, name.replaceAll(' ', '-'));
    await evaluate({ out, ...more }, platformWith(count ?? IMAGES));
    const refused = merge({ folders: [some, out], out: join(folder, 'x') });
    await expect(refused).rejects.toMatchObject({ issue: { code: 'other-shards' } });
    await expect(refused).rejects.toThrow(told);
  });

  it('are refused by name: data that are others now', async () => {
    await expect(merge({ folders: [shards()], out: join(folder, 'now') }, platformWith(IMAGES - 1))).rejects.toThrow(
      /data\.fingerprint: .* in the shards, .* now/,
    );
  });

  it('are refused by name: an image that two shards hold', async () => {
    const twice = join(folder, 'twice');
    await cp(shards(), twice, { recursive: true });
    const path = (index: string, name: string): string => join(twice, `shard-${index}-of-${SHARDS}`, name);
    const [first] = (await readFile(path('04', 'images.jsonl'), 'utf8')).split('\n');
    await rm(path('05', 'images.jsonl.crc32'));
    const rest = (await readFile(path('05', 'images.jsonl'), 'utf8')).split('\n').slice(1);
    await writeFile(path('05', 'images.jsonl'), [first, ...rest].join('\n'));
    await expect(merge({ folders: [twice], out: join(folder, 'y') })).rejects.toMatchObject({
      issue: { code: 'image-twice', subject: 'image 96' },
    });
  });
});

it('takes its shard from the environment, and names it in the command that goes on', async () => {
  const out = join(folder, 'auto');
  await evaluate({ out, shard: 'auto' }, platformWith(100, { JOB_COMPLETION_INDEX: '1', JOB_COMPLETIONS: '4' }));
  const { found } = await findShards(platform.files, [out]);
  expect(found).toMatchObject([
    { folder: join(out, 'shard-2-of-4'), images: 32, config: { command: expect.stringContaining('--shard 2/4 ') } },
  ]);
});

it('has nothing to do for a shard beyond the groups that there are, and merges without it', async () => {
  const out = join(folder, 'few');
  const few = platformWith(40);
  await expect(evaluate({ out, shard: '3/3' }, few)).rejects.toMatchObject({ issue: { code: 'empty-shard' } });
  for (const shard of ['1/3', '2/3']) await evaluate({ out, shard }, few);
  expect(await merge({ folders: [out], out: join(folder, 'few-merged') }, few)).toMatchObject({ n: 40 });
});
