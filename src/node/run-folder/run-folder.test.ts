import { appendFile, mkdtemp, readFile, readdir, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EvaluationResult, ImageRecord } from '../../evaluation/records.ts';
import { wilsonInterval } from '../../statistics/wilson.ts';
import { NPY_HEADER_BYTES } from './npy-header.ts';
import { writing } from '../output/output-errors.ts';
import type { RunConfig } from '../../applications/evaluate/run-files.ts';
import type { RunFolder } from '../../applications/evaluate/run-folder.ts';
import { openRunFolder } from './run-folder.ts';

const POINTS = 3;
const config: RunConfig = {
  versions: { gimbal: '1' },
  options: { rotation: 30, attacks: ['natural', 'grid'] },
  command: 'gimbal evaluate',
  model: { name: 'model.onnx', sha256: 'ab' },
  data: { name: 'data', fingerprint: 'cd' },
};

/** A result over so many images. */
function resultOver(n: number): EvaluationResult {
  return {
    gimbal: '1',
    model: { name: 'model.onnx', sha256: 'ab' },
    data: { name: 'data', fingerprint: 'cd' },
    n,
    skipped: 0,
    attacks: { natural: { correct: n, n, accuracy: 1, interval: wilsonInterval(n, n) } },
    evaluations: { made: n, exhaustive: n, byAttack: { natural: n } },
    warnings: [],
    seconds: 2.5,
  };
}

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gimbal-run-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

function open(changed: RunConfig = config): Promise<RunFolder> {
  return openRunFolder({ directory, config: changed, identity: ({ options, versions }) => ({ options, versions }) });
}

function record(index: number): ImageRecord {
  return {
    index,
    label: index % 10,
    prediction: 3,
    attacks: {
      grid: { robust: false, worst: [1.5, -3, 28], loss: 1 / (index + 3), predicted: 4, tried: 2, exhaustive: POINTS },
    },
  };
}

function losses(index: number): Float32Array {
  return Float32Array.of(index, -index - 0.5, -0);
}

async function append(folder: RunFolder, from: number, to: number): Promise<void> {
  const indices = Array.from({ length: to - from }, (_, i) => from + i);
  await folder.journal.append(
    indices.map(record),
    new Map([['grid:rotation', indices.map(losses)]]),
    new Map([[`perturbations/pgd-${from}.f32`, losses(from)]]),
  );
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) {
    all.push(item);
  }
  return all;
}

/** All files of the run but those that tell of time. */
async function bytes(): Promise<Map<string, string>> {
  const names = (await readdir(directory)).filter((name) => !['seconds.txt', 'perturbations'].includes(name)).sort();
  return new Map(
    await Promise.all(
      names.map(async (name) => [name, (await readFile(join(directory, name))).toString('hex')] as const),
    ),
  );
}

const RECORDS = 'images.jsonl';
const LOSSES = 'losses-grid-rotation.npy';

/** A finished run of three images. */
async function threeImages(): Promise<void> {
  const folder = await open();
  await append(folder, 0, 3);
  await folder.finish(resultOver(3));
  await folder.close();
}

async function undisturbed(): Promise<Map<string, string>> {
  const folder = await open();
  await append(folder, 0, 2);
  await append(folder, 2, 5);
  await folder.finish(resultOver(5));
  await folder.close();
  const whole = await bytes();
  await rm(directory, { recursive: true });
  return whole;
}

describe('a run folder', () => {
  it('gives back what was appended', async () => {
    const folder = await open();
    await append(folder, 0, 3);
    expect(folder.journal.completed).toBe(3);
    expect(await collect(folder.journal.records())).toEqual([0, 1, 2].map(record));
    expect(await collect(folder.journal.losses('grid:rotation'))).toEqual([0, 1, 2].map(losses));
    expect(await collect(folder.journal.losses('grid'))).toEqual([]);
    expect((await readFile(join(directory, 'perturbations/pgd-0.f32'))).length).toBe(4 * POINTS);
    await folder.close();
  });

  // Bytes taken from (or, below zero, zeros added to) the ends of the two files, as a kill or a power cut may leave
  // them.
  it.each([
    ['nothing', 0, 0, 2],
    ['the newline', 1, 0, 1],
    ['half a line', 20, 0, 1],
    ['half a row of losses', 0, 5, 1],
    ['both', 20, 13, 0],
    ['all losses', 0, 24, 0],
    ['a half-written third line', -10, 0, 2],
    ['a row of losses whose line was not written', 0, -12, 2],
  ])('goes on to the same bytes after %s was cut', async (_, recordBytes, lossBytes, left) => {
    const expected = await undisturbed();
    const first = await open();
    await append(first, 0, 2);
    await first.close();
    for (const [name, cut] of [
      [RECORDS, recordBytes],
      [LOSSES, lossBytes],
    ] as const) {
      const { length } = await readFile(join(directory, name));
      await (cut < 0
        ? appendFile(join(directory, name), Buffer.alloc(-cut))
        : truncate(join(directory, name), length - cut));
    }

    const second = await open();
    expect(second.journal.completed).toBe(left);
    await append(second, left, 4);
    await append(second, 4, 5);
    await second.finish(resultOver(5));
    await second.close();
    expect(await bytes()).toEqual(expected);
  });

  it('begins anew where even the header of the losses was cut', async () => {
    const first = await open();
    await append(first, 0, 1);
    await first.close();
    await truncate(join(directory, RECORDS), 4);
    await truncate(join(directory, LOSSES), NPY_HEADER_BYTES - 1);
    const second = await open();
    expect(second.journal.completed).toBe(0);
    await append(second, 0, 1);
    expect(await collect(second.journal.losses('grid:rotation'))).toEqual([losses(0)]);
    await second.close();
  });

  it('refuses records that were changed from outside', async () => {
    const first = await open();
    await append(first, 0, 3);
    await first.close();
    const lines = (await readFile(join(directory, RECORDS), 'utf8')).split('\n');
    await writeFile(join(directory, RECORDS), [lines[0], 'not json', lines[2], ''].join('\n'));
    await expect(open()).rejects.toThrow(/line 2 is not a record/);
  });

  it('refuses another configuration and names the difference', async () => {
    const first = await open();
    await append(first, 0, 1);
    await first.close();
    await expect(
      open({ ...config, command: 'typed otherwise' }).then((folder) => folder.close()),
    ).resolves.toBeUndefined();
    const refusal = open({ ...config, options: { rotation: 40, attacks: ['natural'] } });
    await expect(refusal).rejects.toThrow(
      'options.rotation: 30 there, 40 now; options.attacks: ["natural","grid"] there, ["natural"] now',
    );
    await expect(refusal).rejects.toMatchObject({ kind: 'misuse', issue: { code: 'other-configuration' } });
  });

  it('lets another configuration take the place of a run that has no image yet', async () => {
    const first = await open();
    await append(first, 0, 1);
    await first.close();
    await truncate(join(directory, RECORDS), 4);
    const changed = { ...config, options: { rotation: 40 } };
    const second = await open(changed);
    await second.journal.append([record(0)], new Map([['grid:rotation', [Float32Array.of(1, 2)]]]), new Map());
    expect(await collect(second.journal.losses('grid:rotation'))).toEqual([Float32Array.of(1, 2)]);
    await second.close();
    expect(JSON.parse(await readFile(join(directory, 'config.json'), 'utf8'))).toMatchObject(changed);
  });

  it('keeps the result and adds up the seconds', async () => {
    const first = await open();
    await append(first, 0, 1);
    await first.close();
    const second = await open();
    expect(second.result).toBeUndefined();
    expect(second.journal.secondsBefore).toBeGreaterThanOrEqual(0);
    const result = resultOver(1);
    await second.finish(result);
    await second.close();
    const third = await open();
    expect(third.result).toEqual(result);
    await third.close();
  });

  // What may happen to `images.jsonl` from outside, and what is said of it.
  it.each([
    [
      'a line is there twice',
      (lines: string[]) => [lines[0], lines[1], lines[1], lines[2]],
      'line 3 tells of image 1 a second time',
    ],
    [
      'lines change places',
      ([a, b, c]: string[]) => [a, c, b],
      'line 3 tells of image 1, but the line before it of image 2',
    ],
    ['a line is lost', ([a, , c]: string[]) => [a, c], 'holds 2 images whole, and result.json sums up 3'],
    ['a line is of another form', ([a, b]: string[]) => [a, b, '{"index": 2}'], "line 3: 'label' is missing"],
    [
      'a loss is no number',
      ([a, b]: string[]) => [a, b.replace(/"loss":[^,]*/, '"loss":null')],
      "line 2: 'attacks.grid.loss': found null",
    ],
  ])('names the place where %s', async (_, change, message) => {
    await threeImages();
    const path = join(directory, RECORDS);
    await rm(`${path}.crc32`);
    const lines = (await readFile(path, 'utf8')).trim().split('\n');
    await writeFile(path, `${change(lines).join('\n')}\n`);
    await expect(open()).rejects.toMatchObject({ kind: 'misuse', issue: { code: 'run-folder-damaged' } });
    await expect(open()).rejects.toThrow(message);
    expect(await readdir(directory)).not.toContain('run.lock');
  });

  it('cuts nothing off a finished run', async () => {
    await threeImages();
    await truncate(join(directory, LOSSES), NPY_HEADER_BYTES);
    const before = await bytes();
    await expect(open()).rejects.toThrow('holds 0 images whole, and result.json sums up 3');
    expect(await bytes()).toEqual(before);
  });

  it('finds one changed digit in the records, the losses, the result and the configuration', async () => {
    await threeImages();
    const flip = async (name: string, at: (bytes: Buffer) => number): Promise<() => Promise<void>> => {
      const whole = await readFile(join(directory, name));
      const changed = Buffer.from(whole);
      changed[at(changed)] ^= 1;
      await writeFile(join(directory, name), changed);
      return () => writeFile(join(directory, name), whole);
    };
    for (const [name, text] of [
      [RECORDS, '"label":1'],
      ['result.json', '"seconds": 2.5'],
      ['config.json', '"rotation": 30'],
    ]) {
      const mend = await flip(name, (bytes) => bytes.indexOf(text) + text.length - 1);
      await expect(open()).rejects.toThrow('its checksum does not hold');
      await mend();
    }
    const mend = await flip(LOSSES, () => NPY_HEADER_BYTES + 4 * POINTS + 2);
    const folder = await open();
    await expect(collect(folder.journal.losses('grid:rotation'))).rejects.toThrow('row 1 (counted from 0)');
    await folder.close();
    await mend();
    await (await open()).close();
  });

  it('reads what version 0.1.0 left, which had neither formats nor checksums', async () => {
    await threeImages();
    for (const name of ['config.json', 'result.json']) {
      const { format: _, checksum: __, ...old } = JSON.parse(await readFile(join(directory, name), 'utf8'));
      await writeFile(join(directory, name), JSON.stringify(old));
    }
    for (const name of [RECORDS, LOSSES]) await rm(join(directory, `${name}.crc32`));
    const folder = await open();
    expect(folder.result).toEqual(resultOver(3));
    expect(await collect(folder.journal.losses('grid:rotation'))).toEqual([0, 1, 2].map(losses));
    await folder.close();
  });

  it('says of a newer format that it is one', async () => {
    await threeImages();
    const path = join(directory, 'config.json');
    const { checksum: _, ...now } = JSON.parse(await readFile(path, 'utf8'));
    await writeFile(path, JSON.stringify({ ...now, format: 'gimbal-evaluation-99' }));
    await expect(open()).rejects.toThrow('gimbal-evaluation-99, which a newer version of Gimbal wrote');
  });

  it('leaves alone what is no evaluation', async () => {
    await writeFile(join(directory, 'photo.jpg'), 'mine');
    await writeFile(join(directory, 'losses-mine.npy'), 'mine');
    await expect(open()).rejects.toMatchObject({ kind: 'misuse', issue: { code: 'folder-in-other-use' } });
    expect((await readdir(directory)).sort()).toEqual(['losses-mine.npy', 'photo.jpg']);
  });

  it('never takes an input for its folder, by whatever name', async () => {
    const path = join(directory, 'link');
    await symlink(directory, path);
    const refusal = openRunFolder({ directory, config, identity: () => null, inputs: [{ what: 'the data', path }] });
    await expect(refusal).rejects.toMatchObject({ issue: { code: 'output-is-input' } });
  });

  it('removes what a kill left of a file under way', async () => {
    await (await open()).close();
    await writeFile(join(directory, 'config.json.0123abcd.tmp'), '{');
    await (await open()).close();
    expect((await readdir(directory)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('refuses a folder that is not a run', async () => {
    await writeFile(join(directory, 'config.json'), '{"name": "somebody else"}');
    await expect(open()).rejects.toMatchObject({ issue: { code: 'not-a-run-folder' } });
  });

  it('refuses a path that cannot be written', async () => {
    await writeFile(join(directory, 'file'), '');
    const refusal = openRunFolder({ directory: join(directory, 'file', 'run'), config, identity: () => null });
    await expect(refusal).rejects.toMatchObject({ kind: 'misuse', issue: { code: 'output-not-writable' } });
  });

  it.skipIf(process.platform !== 'linux')('tells of a full disk', async () => {
    const write = writing('/runs/images.jsonl', () => writeFile('/dev/full', 'anything'));
    await expect(write).rejects.toMatchObject({
      kind: 'failure',
      issue: { code: 'disk-full', subject: '/runs/images.jsonl' },
    });
  });
});
