import { cp, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gimbal, type Said } from '../../testing/gimbal.ts';
import { modelPath } from '../../node/runtime/shipped-models.ts';
import { nativeSha256Of } from '../../node/sha256.ts';
import type { Study } from '../../studies/study.ts';
import { idxFile } from '../../testing/data-files.ts';
import { recordingTerminal } from '../../testing/terminal.ts';
import { main } from '../main.ts';
import { runStory } from '../story/run-story.ts';
import { nodePlatform } from '../../node/platform.ts';
import type { Terminal } from '../terminal.ts';
import { withStudyDisplay } from './show-study.ts';
import { carryOut } from '../../applications/study/carry-out.ts';
import { studyState } from '../../applications/study/study-state.ts';
import { saveResults } from '../../applications/study/save-results.ts';
import type { StudyRequest } from '../../applications/study/study-request.ts';
import { adoptModels } from '../../applications/study/adopt-models.ts';
import { writeStudy } from '../../applications/study/write-study.ts';

const SIDE = 12;
let folder: string;

/** Bars that lie or stand: turning them by 90° exchanges the classes. */
async function writeBars(kind: string, count: number): Promise<void> {
  const across = Array.from({ length: count * SIDE * SIDE }, (_, i) => {
    const [row, column] = [Math.floor(i / SIDE) % SIDE, i % SIDE];
    return Math.floor(i / (SIDE * SIDE)) % 2 === 0 ? (row === 5 ? 255 : 0) : column === 5 ? 255 : 0;
  });
  await writeFile(join(folder, `${kind}-images-idx3-ubyte`), idxFile([count, SIDE, SIDE], across));
  await writeFile(
    join(folder, `${kind}-labels-idx1-ubyte`),
    idxFile(
      [count],
      Array.from({ length: count }, (_, i) => i % 2),
    ),
  );
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gimbal-study-'));
  await writeBars('train', 64);
  await writeBars('t10k', 16);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const SMALL = ['width=2', 'epochs=2', 'batch=8', 'heldOut=16'];
const part = {
  name: 'attacked',
  attacks: ['natural', 'worst-of-3'],
  limit: 8,
  options: { rotation: 90, translation: '1px' },
};
const tiny: Study = {
  name: 'tiny',
  title: 'Bars',
  data: 'bars',
  columns: ['natural', 'worst-of-3'],
  classifiers: [{ name: 'standard', recipe: 'mnist/standard', share: 1 }],
  rows: [
    { name: 'standard', title: 'standard', classifier: 'standard', parts: [part] },
    {
      name: 'vote',
      title: 'standard + vote',
      classifier: 'standard',
      vote: 3,
      parts: [{ ...part, name: 'voted', limit: 4 }],
    },
  ],
  contrast: { fooled: 'standard', robust: 'vote', attack: 'worst-of-3', images: 4 },
};
const request = (more: Partial<StudyRequest> = {}): StudyRequest => ({
  platform: nodePlatform,
  study: tiny,
  data: folder,
  out: join(folder, 'tiny'),
  only: [],
  changes: SMALL,
  threads: 1,
  quiet: false,
  command: 'gimbal tiny',
  ...more,
});
const never = new AbortController().signal;
const showStudy = (asked: StudyRequest, terminal: Terminal, signal: AbortSignal): Promise<boolean> =>
  withStudyDisplay(terminal, asked.quiet, (onEvent) => carryOut(asked, { signal, onEvent }));

it('trains and measures, does nothing twice, and gathers what is saved', async () => {
  const first = recordingTerminal();
  expect(await showStudy(request(), first, never)).toBe(true);
  expect(first.written.error).toMatch(/^\[1\/3\] training standard \(mnist\/standard\)$/m);
  expect(first.written.error).toMatch(/^\[3\/3\] .*4\/4 images/m);

  const again = recordingTerminal();
  expect(await showStudy(request(), again, never)).toBe(true);
  expect(again.written.error).toBe('');

  const { report, missing } = (await studyState(request(), never))!;
  expect(missing).toEqual([]);
  expect(
    report.rows.map(({ row, cells }) => [row.title, ...[...cells].map(([name, { n }]) => `${name} ${n}`)]),
  ).toEqual([
    ['standard', 'natural 8', 'worst-of-3 8'],
    ['standard + vote', 'natural 4', 'worst-of-3 4'],
  ]);
  expect(report.training).toMatchObject([{ recipe: 'mnist/standard', seed: 0, epochs: [{ epoch: 1 }, { epoch: 2 }] }]);
  expect(report.contrast?.examples.length).toBeLessThanOrEqual(4);
});

it('sets saved results beside what is measured here, prints them alone, and names what they lack', async () => {
  const results = join(folder, 'results');
  expect(await saveResults(request({ limit: 8, reading: undefined }), results, 'a machine')).toBe(3);
  // The same again leaves the files, whose words someone may have mended, as they are.
  expect(await saveResults(request(), results, 'another machine')).toBe(0);
  const saved = await readFile(join(results, 'tiny/standard/attacked.json'), 'utf8');
  expect(JSON.parse(saved)).toMatchObject({
    n: 8,
    attacks: { natural: { n: 8 }, 'worst-of-3': { n: 8 } },
    box: { tx: 1, ty: 1, angle: 90 },
    options: { rotation: 90, seed: 0 },
    machine: 'a machine',
    command: 'gimbal reproduce tiny --only standard --set width=2 --set epochs=2 --set batch=8 --set heldOut=16',
  });
  expect(saved).not.toContain(folder);

  const both = (await studyState(request({ results }), never))!;
  expect(both.report.rows.map(({ row, shipped }) => [row.name, shipped])).toEqual([
    ['standard', undefined],
    ['vote', undefined],
  ]);
  expect(both.report.details).toMatchObject([
    { path: 'standard/attacked-8/report.html' },
    { path: 'standard/voted-4/report.html' },
  ]);
  expect(both.report.training).toMatchObject([{ shipped: true }]);

  const voted = join(results, 'tiny/standard/voted.json');
  await writeFile(voted, (await readFile(voted, 'utf8')).replace('"afresh"', '"by the search"'));
  expect(
    (await studyState(request({ results, out: join(folder, 'fresh') }), never))!.missing.map(
      ({ part: { name } }) => name,
    ),
  ).toEqual(['voted']);
  await rm(voted);
  const fresh = request({ results, data: 'no data needed', out: join(folder, 'fresh') });
  const { report, missing } = (await studyState(fresh, never))!;
  expect(report.rows.map(({ row, cells }) => [row.name, cells.get('natural')?.n])).toEqual([['standard', 8]]);
  expect(report.training).toMatchObject([
    { classifier: 'standard', shipped: true, epochs: [{ epoch: 1 }, { epoch: 2 }] },
  ]);
  expect(missing.map(({ row, part: { name } }) => [row.name, name])).toEqual([['vote', 'voted']]);
  expect(await readFile(await writeStudy(nodePlatform, fresh.out, report), 'utf8')).toContain(
    'gimbal reproduce tiny --only standard',
  );
  await rm(fresh.out, { recursive: true });
});

it('counts a run as that of a part only where it measured the same: options, ways to judge a vote', async () => {
  const out = join(folder, 'changed');
  await cp(join(folder, 'tiny'), out, { recursive: true });
  const missing = async (study: Study): Promise<string[]> =>
    (await studyState(request({ out, study }), never))!.missing.map((one) => one.part.name);
  expect(await missing(tiny)).toEqual([]);
  const [standard, vote] = tiny.rows;
  expect(await missing({ ...tiny, rows: [standard, { ...vote, vote: 5 }] })).toEqual(['voted']);
  expect(
    await missing({ ...tiny, rows: [{ ...standard, parts: [{ ...part, options: { rotation: 45 } }] }, vote] }),
  ).toEqual(['attacked']);
  const config = join(out, 'standard', 'voted-4', 'config.json');
  const { checksum: _, ...made } = JSON.parse(await readFile(config, 'utf8'));
  await writeFile(config, JSON.stringify({ ...made, vote: { ...made.vote, judged: 'by the search' } }));
  expect(await missing(tiny)).toEqual(['voted']);
  await expect(showStudy(request({ out }), recordingTerminal(), never)).rejects.toThrow(
    /vote\.judged: "by the search" there, "afresh" now/,
  );
});

it('leaves saved results of another model than the one whose training is told out', async () => {
  const results = join(folder, 'mixed');
  await saveResults(request(), results, 'a machine');
  const path = join(results, 'tiny/standard/training.json');
  await writeFile(path, (await readFile(path, 'utf8')).replace(/"sha256": "\w+"/, '"sha256": "00"'));
  expect(await studyState(request({ results, out: join(folder, 'fresh') }), never)).toBeUndefined();
  expect(await readdir(folder)).not.toContain('fresh');
});

it('measures no part again that saved results tell of the same model, where missing ones are asked for', async () => {
  const out = join(folder, 'copied');
  await cp(join(folder, 'tiny', 'standard', 'model.onnx'), join(out, 'standard', 'model.onnx'), { recursive: true });
  await cp(join(folder, 'tiny', 'standard', 'metrics.jsonl'), join(out, 'standard', 'metrics.jsonl'));
  const results = join(folder, 'whole');
  await saveResults(request(), results, 'a machine');
  const missing = { out, results, missingOnly: true };
  const idle = recordingTerminal();
  expect(await showStudy(request(missing), idle, never)).toBe(true);
  expect(idle.written.error).toBe('');

  await rm(join(results, 'tiny', 'standard', 'voted.json'));
  const busy = recordingTerminal();
  expect(await showStudy(request(missing), busy, never)).toBe(true);
  expect(busy.written.error).toMatch(/^\[3\/3\] .*4\/4 images/m);
  expect(busy.written.error).not.toMatch(/^\[[12]\/3\]/m);
});

it('takes a shipped model for a trained one where the saved results tell of the same', async () => {
  const results = join(folder, 'told');
  const training = join(results, 'mnist', 'w10-30', 'training.json');
  const shipped = {
    platform: nodePlatform,
    study: {
      ...tiny,
      name: 'mnist',
      classifiers: [
        { name: 'w10-30', recipe: 'mnist/w10-30' },
        { name: 'no-such', recipe: 'mnist/standard' },
      ],
    },
    out: join(folder, 'taken'),
    only: [],
    results,
  };
  expect(await adoptModels(shipped)).toEqual([]);
  const bytes = await readFile(await modelPath('mnist-w10-30'));
  const epoch = { epoch: 1, step: 2, loss: 0.5, rate: 0.1, heldOut: 0, imagesPerSecond: 9, seconds: 3 };
  const told = {
    recipe: 'mnist/w10-30',
    settings: {},
    parameters: 1,
    seed: 0,
    seconds: 3,
    machine: 'one',
    epochs: [epoch],
  };
  const tell = (sha256: string): Promise<void> => writeFile(training, JSON.stringify({ ...told, model: { sha256 } }));
  await mkdir(dirname(training), { recursive: true });
  await tell('another');
  expect(await adoptModels(shipped)).toEqual([]);
  await tell(nativeSha256Of(bytes));
  expect(await adoptModels(shipped)).toEqual(['w10-30']);
  expect(await readFile(join(shipped.out, 'w10-30', 'model.onnx'))).toEqual(bytes);
  expect(await readFile(join(shipped.out, 'w10-30', 'metrics.jsonl'), 'utf8')).toBe(`${JSON.stringify(epoch)}\n`);
});

it('refuses a model that was trained with other settings, and stops when it is asked to', async () => {
  await expect(showStudy(request({ changes: [...SMALL, 'seed=1'] }), recordingTerminal(), never)).rejects.toThrow(
    /trained by mnist\/standard with other settings/,
  );
  const { report, leftOut } = (await studyState(
    request({ changes: [...SMALL, 'seed=1'], results: join(folder, 'results') }),
    never,
  ))!;
  expect(report.rows.map(({ shipped }) => shipped)).toEqual([true]);
  expect(leftOut).toEqual([expect.stringContaining('with other settings')]);
  const stopped = new AbortController();
  stopped.abort();
  expect(await showStudy(request({ out: join(folder, 'stopped') }), recordingTerminal(), stopped.signal)).toBe(false);
});

it('tells the whole story: two classifiers, three rows, one report', async () => {
  const terminal = recordingTerminal();
  const out = join(folder, 'story');
  const smaller = { data: folder, changes: [...SMALL, 'candidates=2'], limit: 4 };
  expect(await runStory({ out, threads: 1, quiet: false }, 'gimbal story', terminal, never, smaller)).toBe(0);
  expect(terminal.written.error).toMatch(/^\[5\/5.*\] attacking robust \+ vote/m);
  expect(terminal.written.out.match(/^(standard|robust|robust \+ vote) .*\d+\.\d\d/gm)).toHaveLength(3);
  expect(terminal.written.out).toContain(`Report: ${join(out, 'report.html')}`);
  expect(terminal.written.out).toMatch(
    /^Turn the pictures by hand: (npx )?gimbal view .*standard .*robust --data .+$/m,
  );
  expect(await readFile(join(out, 'report.html'), 'utf8')).toContain('Training curves');
  expect(await readFile(join(out, 'robust', 'report.html'), 'utf8')).toContain('glyphs/w10-30');
});

it('measures on fewer images where the whole would take longer than the study is to, and says so', async () => {
  const slow = { ...tiny, seconds: 1e-6, rows: [{ ...tiny.rows[0], parts: [{ ...part, limit: 100, share: 1 }] }] };
  const shortened = { ...request({ limit: undefined }), study: slow, out: join(folder, 'shortened') };
  const terminal = recordingTerminal();
  expect(await showStudy(shortened, terminal, never)).toBe(true);
  expect(terminal.written.error).toMatch(/would take .* each row is attacked on 60 images.*--limit N attacks N/s);
  expect(await readdir(join(shortened.out, 'standard'))).toContain('attacked-60');
  const again = recordingTerminal();
  expect(await showStudy(shortened, again, never)).toBe(true);
  expect(again.written.error).toBe('');
});

it('gimbal reproduce measures a row in part, prints it beside the paper and again from what is saved', async () => {
  const out = join(folder, 'mnist');
  const reproduce = (...more: string[]): Promise<Said> => {
    const running = ['--data', folder, '--out', out, '--threads', '1', '--quiet'];
    return gimbal('reproduce', 'mnist', ...running, ...SMALL.flatMap((change) => ['--set', change]), ...more);
  };
  const { code, out: printed } = await reproduce('--only', 'standard', '--limit', '2');
  expect(code).toBe(0);
  expect(printed).toMatch(/^Standard +99\.31 +– +73\.32 +26\* +– +– +–$/m);
  expect(printed).toMatch(/^Standard \+ vote +\d/m);
  expect(printed).toMatch(
    /every query of the search has to be right too: Standard \+ vote: worst-of-10 \d+\.\d\d, grid/,
  );
  expect(await reproduce('--saved')).toEqual({ code: 0, out: printed, error: '' });
  expect(await reproduce('--saved', '--save-results', join(folder, 'saved'))).toMatchObject({ code: 0, error: '' });
  expect(
    (await readdir(join(folder, 'saved'), { recursive: true })).filter((name) => /\.json$/.test(name)),
  ).toHaveLength(4);
  expect(await readFile(join(out, 'report.html'), 'utf8')).toContain('Engstrom et al.');
  expect(await readFile(join(out, 'falls.svg'), 'utf8')).toContain('W-10 (30) + vote, shipped: natural');
  // The package's own results stand among these rows.
  const { rows } = JSON.parse(await readFile(join(out, 'study.json'), 'utf8')) as { rows: { shipped?: boolean }[] };
  expect(rows.filter(({ shipped }) => shipped !== true)).toMatchObject([
    { name: 'standard', attacks: { grid: { n: 2 } } },
    { name: 'standard-vote' },
  ]);

  expect(await reproduce('--only', 'standrad')).toMatchObject({
    code: 2,
    error: expect.stringContaining('Did you mean "standard"'),
  });
  expect(await main(['reproduce', 'svhn'], recordingTerminal())).toBe(2);
  expect(await reproduce('--only', 'all', '--limit', '0')).toMatchObject({ code: 2 });
});

describe('gimbal reproduce imagenet', () => {
  const run = (...args: string[]): Promise<Said> =>
    gimbal('reproduce', 'imagenet', '--out', join(folder, 'imagenet'), ...args);

  it('prints what was published where nothing was measured, and how to go on', async () => {
    const { code, out, error } = await run();
    expect(code).toBe(0);
    expect(out).toMatch(/^Standard +71\.3 +60\.6 +39\.9 +20\.9$/m);
    expect(out).toMatch(/^ResNet-50, standard +76 +– +– +31$/m);
    expect(error).toBe(
      'Nothing of this table was measured yet. To train and measure: ' +
        'gimbal reproduce imagenet --data FOLDER --only standard (or another row, or --only all).\n',
    );
  });

  it('says in one message that the images are missing', async () => {
    expect(await run('--only', 'w10-30')).toEqual({
      code: 2,
      out: '',
      error: expect.stringMatching(
        /^gimbal: table imagenet: .*cannot be downloaded.*Give --data FOLDER.*train\/ and val\/.*\n$/,
      ),
    });
  });

  it('trains and measures a row on a folder of photographs', async () => {
    const photographs = join(folder, 'photographs');
    for (const [split, count] of [
      ['train', 12],
      ['val', 2],
    ] as const) {
      for (const [label, name] of ['n01440764', 'n01443537'].entries()) {
        await mkdir(join(photographs, split, name), { recursive: true });
        for (let i = 0; i < count; i++) {
          const background = { r: 40 + 150 * label, g: 10 * i, b: 90 };
          const picture = sharp({ create: { width: 50 + i, height: 44, channels: 3, background } });
          await picture.jpeg().toFile(join(photographs, split, name, `${i}.JPEG`));
        }
      }
    }
    const settings = ['width=2', 'batch=8', 'epochs=1', 'heldOut=4', 'translation=3'].flatMap((one) => ['--set', one]);
    const given = [
      '--data',
      photographs,
      '--resize',
      '36',
      '--crop',
      '32',
      '--threads',
      '1',
      '--limit',
      '2',
      ...settings,
    ];
    const { code, out, error } = await run(...given, '--quiet', '--only', 'aug-30');
    expect({ code, error }).toEqual({ code: 0, error: '' });
    expect(out).toMatch(/^Aug 30 +68\.9 +68 +54\.6 +38\.1\n.*re-release.*\nAug 30 +\d+\.\d\d( +\d+\.\d\d){3}$/m);
    const config = await readFile(join(folder, 'imagenet', 'aug-30', 'config.json'), 'utf8');
    expect(JSON.parse(config)).toMatchObject({ data: { resize: 36, crop: 32 }, settings: { resizedCrop: 0.08 } });
  });
});
