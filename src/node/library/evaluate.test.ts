import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Attack,
  type EvaluateRequest,
  type ImageRecord,
  type ProgressEvent,
  arraySource,
  classify,
  createAttack,
  createBox,
  evaluate,
  evaluateClassifier,
  exportModel,
  memoryJournal,
  openClassifier,
} from '../../index.ts';
import { linearModel } from '../../testing/classifier.ts';
import { nodeClock } from '../../node/machine/clock.ts';

const SIDE = 8;
const CLASSES = ['cat', 'dog', 'ship'];
const shape = { channels: 3, height: SIDE, width: SIDE };

let folder: string;
let request: EvaluateRequest;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gimbal-library-'));
  await writeFile(join(folder, 'model.onnx'), linearModel({ shape, classes: CLASSES.length }));
  for (const [label, name] of CLASSES.entries()) {
    await mkdir(join(folder, 'photos', name), { recursive: true });
    for (let i = 0; i < 4; i++) {
      const pixels = Buffer.from(
        Array.from({ length: 3 * SIDE * SIDE }, (_, at) => Math.round(127 + 127 * Math.sin(at * (0.3 + label) + i))),
      );
      await sharp(pixels, { raw: { width: SIDE, height: SIDE, channels: 3 } })
        .png()
        .toFile(join(folder, 'photos', name, `${i}.png`));
    }
  }
  request = {
    model: join(folder, 'model.onnx'),
    data: join(folder, 'photos'),
    attacks: ['natural', 'grid'],
    grid: '3x3x3',
    threads: 1,
  };
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('evaluate', () => {
  it('keeps everything in memory, and tells progress', async () => {
    const before = await readdir(folder);
    const events: ProgressEvent[] = [];
    const result = await evaluate({ ...request, limit: undefined, onProgress: (event) => void events.push(event) });
    expect(result).toMatchObject({ n: 12, skipped: 0, attacks: { natural: { n: 12 }, grid: { n: 12 } } });
    expect(events.at(-1)).toMatchObject({ done: 12, total: 12 });
    expect(await readdir(folder)).toEqual(before);
  });

  it.each(['Softmax', 'Sigmoid'] as const)(
    'mirrors a model that ends in a %s as the exported one is',
    async (ending) => {
      const file = (name: string): string => join(folder, `${ending}-${name}`);
      await writeFile(file('model.onnx'), linearModel({ shape, classes: CLASSES.length, ending }));
      await exportModel({ model: file('model.onnx'), mirror: true, out: file('mirrored.onnx') });
      await evaluate({ ...request, model: file('model.onnx'), mirror: true, out: file('flag') });
      await evaluate({ ...request, model: file('mirrored.onnx'), out: file('built-in') });
      const answers = async (run: string): Promise<unknown> =>
        (await readFile(join(file(run), 'images.jsonl'), 'utf8'))
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as ImageRecord);
      expect(await answers('flag')).toEqual(await answers('built-in'));
    },
  );

  it('warns where a limit leaves out classes of a folder, and takes a fair part where it is spread', async () => {
    const first = await evaluate({ ...request, limit: 6 });
    expect(first.warnings).toContain(
      'With limit: 6 the images lie in only 2 of the 3 classes of photos. ' +
        "Add 'spread' to take them from all over the data set.",
    );
    const out = join(folder, 'spread');
    const spread = await evaluate({ ...request, limit: 6, spread: true, out });
    expect(spread.warnings.join()).not.toContain('limit');
    const records = (await readFile(join(out, 'images.jsonl'), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as ImageRecord);
    expect(records.map(({ index, label }) => [index, label])).toEqual([
      [0, 0],
      [2, 0],
      [4, 1],
      [6, 1],
      [8, 2],
      [10, 2],
    ]);
    const manifest = join(folder, 'list.csv');
    await writeFile(
      manifest,
      `path,label\n${CLASSES.flatMap((name) => [0, 1].map((i) => `photos/${name}/${i}.png,${name}\n`)).join('')}`,
    );
    expect((await evaluate({ ...request, data: manifest, limit: 2 })).warnings[0]).toMatch(
      /only 1 of the 3 classes of list\.csv/,
    );
    await expect(evaluate({ ...request, spread: true })).rejects.toThrow('option spread: goes with limit: N');
  });

  it('writes the run folder of the command line where out is given, and finds a finished run again', async () => {
    const out = join(folder, 'run');
    const first = await evaluate({ ...request, out, examples: 1 });
    expect(await readdir(out)).toEqual(
      expect.arrayContaining(['config.json', 'images.jsonl', 'result.json', 'report.html', 'report.md']),
    );
    expect(await evaluate({ ...request, out, examples: 1 })).toEqual(first);
    await expect(evaluate({ ...request, out, seed: 1 })).rejects.toMatchObject({
      issue: { code: 'other-configuration' },
    });
    const { seconds: _, ...inMemory } = await evaluate(request);
    expect(first).toMatchObject(inMemory);
  });

  it('names file and classes of each image, and goes on with records that lack the names', async () => {
    const out = join(folder, 'named');
    const whole = await evaluate({ ...request, data: join(folder, 'photos'), out });
    const lines = (await readFile(join(out, 'images.jsonl'), 'utf8')).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as ImageRecord)[5]).toMatchObject({
      index: 5,
      label: 1,
      file: 'dog/1.png',
      class: 'dog',
      predictedClass: expect.stringMatching(/^(cat|dog|ship)$/),
    });
    expect((await readFile(join(out, 'failures.csv'), 'utf8')).split('\r\n')[0]).toMatch(/^index,file,label,class,/);
    // As version 0.1.0 wrote them: eight lines without names or checksums, then a kill.
    const before = lines.slice(0, 8).map((line) => {
      const { file: _, class: _own, predictedClass: _other, ...rest } = JSON.parse(line) as ImageRecord;
      return `${JSON.stringify(rest)}\n`;
    });
    await writeFile(join(out, 'images.jsonl'), before.join(''));
    for (const name of ['images.jsonl.crc32', 'result.json']) await rm(join(out, name));
    expect({ ...(await evaluate({ ...request, out })), seconds: 0 }).toEqual({ ...whole, seconds: 0 });
  });

  it('refuses what the command line refuses, with the same words', async () => {
    await expect(evaluate({ ...request, grid: '3x3' })).rejects.toThrow(
      /^option grid: got "3x3", expected the number of points/,
    );
    await expect(evaluate({ ...request, gird: '3x3x3' } as EvaluateRequest)).rejects.toThrow(
      'option gird: is not an option. Did you mean "grid"?',
    );
    await expect(evaluate({ ...request, model: join(folder, 'none.onnx') })).rejects.toMatchObject({
      kind: 'misuse',
      issue: { code: 'model-unreadable' },
    });
  });

  it('stops at a signal', async () => {
    await expect(evaluate({ ...request, signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' });
  });
});

it('gives the same from its parts: a classifier, images in memory and attacks', async () => {
  const images = Array.from({ length: 6 }, (_, i) =>
    Float32Array.from({ length: 3 * SIDE * SIDE }, (_, at) => 0.5 + 0.5 * Math.sin(at * 0.7 + i)),
  );
  const classifier = await openClassifier({ model: join(folder, 'model.onnx'), threads: 1 });
  try {
    const journal = memoryJournal();
    const { attacks } = await evaluateClassifier({
      classifier,
      journal,
      source: arraySource({ images, labels: [0, 1, 2, 0, 1, 2], shape }),
      attacks: [createAttack('worst-of-3', { box: createBox(shape, 30) })],
      clock: nodeClock,
      about: { gimbal: '', model: { name: '', sha256: '' }, data: { name: '', fingerprint: '' } },
    });
    const records: ImageRecord[] = [];
    for await (const record of journal.records()) records.push(record);
    expect(attacks['worst-of-3'].correct).toBe(records.filter((record) => record.attacks['worst-of-3'].robust).length);
  } finally {
    await classifier.close();
  }
});

/** Turns each image by 180°. */
const upsideDown: Attack = {
  name: 'upside-down',
  changes: 'view',
  words: { tries: 'the image upside down', under: (range) => `turned upside down instead of by ${range}` },
  needsGradients: false,
  *search({ label }) {
    const transformation = { tx: 0, ty: 0, angle: 180 };
    const [outcome] = yield* classify([{ candidate: 0, transformation }]);
    return { robust: outcome.predicted === label, worst: { ...outcome, transformation }, exhaustive: 1 };
  },
};

describe("an attack of one's own", () => {
  it('is named, recorded and reported like any other, and its run goes on', async () => {
    const out = join(folder, 'own');
    const attacks = [{ ...upsideDown }, 'random'];
    const result = await evaluate({ ...request, attacks, out, examples: 2 });
    expect(Object.keys(result.attacks)).toEqual(['natural', 'upside-down', 'random']);
    const [first] = (await readFile(join(out, 'images.jsonl'), 'utf8')).split('\n');
    expect(JSON.parse(first)).toMatchObject({ attacks: { 'upside-down': { worst: [0, 0, 180], tried: 1 } } });
    const report = await readFile(join(out, 'report.md'), 'utf8');
    expect(report).toContain('| `upside-down` | the image upside down |');
    expect(report).toContain('evaluate({');
    const config = JSON.parse(await readFile(join(out, 'config.json'), 'utf8')) as { options: object };
    expect(config.options).toMatchObject({ attacks: ['natural', 'upside-down', 'random'] });
    expect(await evaluate({ ...request, attacks, out, examples: 2 })).toEqual(result);
  });

  it('counts as moving the image where it says so: the worst of the headline, with examples', async () => {
    const out = join(folder, 'own-worst');
    const fooled: Attack = {
      ...upsideDown,
      *search() {
        const transformation = { tx: 0, ty: 0, angle: 90 };
        const [outcome] = yield* classify([{ candidate: 0, transformation }]);
        return { robust: false, worst: { ...outcome, transformation }, exhaustive: 1 };
      },
    };
    await evaluate({ ...request, attacks: ['random', fooled], out });
    const report = await readFile(join(out, 'report.md'), 'utf8');
    expect(report).toMatch(/0\.0\s% turned upside down instead of by rotations up to 30°/);
    expect(await readFile(join(out, 'report.html'), 'utf8')).toContain('<li class="example">');
    const noise: Attack = { ...fooled, name: 'noise-of-mine', changes: 'pixels', words: { tries: 'my noise' } };
    await evaluate({ ...request, attacks: ['random', noise], out: join(folder, 'own-noise') });
    expect(await readFile(join(folder, 'own-noise', 'report.md'), 'utf8')).not.toContain('under my noise');
  });

  it('is refused where it does not say what it is, or takes the name of another', async () => {
    const refused = (attack: object, ...more: (string | Attack)[]) =>
      expect(evaluate({ ...request, attacks: [attack as Attack, ...more] })).rejects;
    await refused({ ...upsideDown, changes: undefined }).toThrow(/attack "upside-down": says of "changes" nothing/);
    await refused({ ...upsideDown, name: 'My Attack' }).toThrow(/has the name "My Attack"; allowed are small letters/);
    await refused({ ...upsideDown, words: {} }).toThrow(/has no "words.tries"/);
    await refused({ ...upsideDown, name: 'worst-of-7' }).toThrow(/is the name of one that comes with Gimbal/);
    await refused(upsideDown, { ...upsideDown }).toThrow(/attack "upside-down": is the name of two attacks/);
  });
});
