import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gimbal, type Said } from '../../testing/gimbal.ts';
import { GraphBuilder } from '../../onnx/builder.ts';
import { writeModel } from '../../onnx/write.ts';
import { linearModel } from '../../testing/classifier.ts';
import { idxFile, writeIdxFolder } from '../../testing/data-files.ts';
import { modelOf } from '../../testing/onnx.ts';

const SIDE = 8;
const CLASSES = 3;
const COUNT = 40;
const shape = { channels: 1, height: SIDE, width: SIDE };

let folder: string;
const at = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gimbal-cli-'));
  await writeIdxFolder(at('data'), COUNT, SIDE, CLASSES);
  await writeIdxFolder(at('other-size'), 4, SIDE + 1, CLASSES);
  await writeIdxFolder(at('other-labels'), 4, SIDE, CLASSES + 2);
  await mkdir(at('empty'));
  await mkdir(at('photos/cat'), { recursive: true });
  await sharp({ create: { width: SIDE, height: SIDE, channels: 3, background: 'red' } })
    .png()
    .toFile(at('photos/cat/0.png'));
  for (const name of ['cat', 'dog']) {
    await mkdir(at(`two-classes/${name}`), { recursive: true });
    await sharp({ create: { width: SIDE, height: SIDE, channels: 3, background: 'red' } })
      .png()
      .toFile(at(`two-classes/${name}/0.png`));
  }
  await mkdir(at('two-classes/eel'));
  // Three classes, as the model has; of two there are no images.
  for (const name of ['cat', 'dog', 'eel']) await mkdir(at(`unreadable/${name}`), { recursive: true });
  await sharp({ create: { width: SIDE, height: SIDE, channels: 3, background: 'red' } })
    .png()
    .toFile(at('unreadable/cat/0.png'));
  await writeFile(at('unreadable/cat/1.png'), 'no picture');
  await writeFile(at('model.onnx'), linearModel({ shape, classes: CLASSES }));
  await writeFile(at('colour.onnx'), linearModel({ shape: { ...shape, channels: 3 }, classes: CLASSES }));
  await writeFile(at('open.onnx'), linearModel({ shape, classes: CLASSES, declared: false }));
  await writeFile(at('cut.onnx'), linearModel({ shape, classes: CLASSES }).subarray(0, 300));
  await writeFile(at('empty.onnx'), '');
  await writeFile(at('text.onnx'), 'this is not a model, but it is long enough to look like one');
  await writeFile(at('rank.onnx'), oneInput('float32', ['N', 2, 3, 4, 5]));
  await writeFile(at('type.onnx'), oneInput('int64', ['N', 1, SIDE, SIDE]));
  await writeFile(at('rounding.onnx'), roundingModel());
  await writeFile(at('picture.onnx'), oneInput('float32', ['N', 1, SIDE, SIDE]));
  await writeFile(
    at('config.json'),
    JSON.stringify({ data: at('data'), attacks: ['natural', 'grid'], grid: '3x3x3', limit: 5 }),
  );
  await writeFile(at('bad-config.json'), JSON.stringify({ gird: '3x3x3' }));
  await writeFile(at('bad-grid.json'), JSON.stringify({ grid: '3x3' }));
  await writeFile(at('broken.json'), '{');
  await writeFile(at('file'), '');
  await mkdir(at('cut-data'));
  await writeFile(at('cut-data/t10k-images-idx3-ubyte'), idxFile([4, SIDE, SIDE], [1, 2, 3]));
  await writeFile(at('cut-data/t10k-labels-idx1-ubyte'), idxFile([4], [0, 1, 2, 0]));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A graph that gives back its input: its output is of the input's shape. */
function oneInput(type: 'float32' | 'int64', dims: (number | string)[]): Uint8Array {
  const b = new GraphBuilder('identity');
  const x = b.input('x', type, dims);
  b.outputAs('y', b.op('Identity', [x]), type, dims);
  return writeModel(modelOf(b.build(), 17));
}

/** A classifier with an operator that has no derivative. */
function roundingModel(): Uint8Array {
  const b = new GraphBuilder('rounding');
  const x = b.input('x', 'float32', ['N', 1, SIDE, SIDE]);
  const means = b.op('ReduceMean', [b.op('Ceil', [x])], { axes: [2, 3], keepdims: 0 });
  b.outputAs('scores', b.op('MatMul', [means, b.constant([1, 0, -1], [1, CLASSES])]), 'float32', ['N', CLASSES]);
  return writeModel(modelOf(b.build(), 17));
}

/** A small evaluation; later flags override earlier ones. */
function evaluateSmall(out: string, ...more: string[]): Promise<Said> {
  return gimbal(
    'evaluate',
    at('model.onnx'),
    '--data',
    at('data'),
    '--grid',
    '3x3x5',
    '--translation',
    '1px',
    '--threads',
    '1',
    '--out',
    at(out),
    ...more,
  );
}

describe('gimbal evaluate', () => {
  it('evaluates, writes the run folder and prints the table', async () => {
    const { code, out, error } = await evaluateSmall('run');
    expect(code).toBe(0);
    expect(out).toMatch(/^model\.onnx on .*data.*, 40 images$/m);
    expect(out).toMatch(/^attack +accuracy % +95 % interval +images +fall$/m);
    expect(out).toMatch(/^grid +\d+\.\d\d +\d+\.\d\d – \d+\.\d\d +40 +-?\d+\.\d\d$/m);
    expect(error).toMatch(/^100 % · 40\/40 images · \d:\d\d · natural/m);
    expect(out).toMatch(/ gimbal (inspect|harden) .*model\.onnx --data /);
    expect((await readdir(at('run'))).sort()).toEqual([
      'config.json',
      'failures.csv',
      'images.jsonl',
      'images.jsonl.crc32',
      'report.html',
      'report.md',
      'result.json',
      'seconds.txt',
      'sweeps.json',
    ]);
    const config = JSON.parse(await readFile(at('run/config.json'), 'utf8'));
    expect(config).toMatchObject({
      options: { seed: 0, rotation: 30, grid: { tx: 3, ty: 3, angle: 5 } },
      box: { tx: 1, ty: 1, angle: 30 },
    });
    expect((await readFile(at('run/images.jsonl'), 'utf8')).split('\n')).toHaveLength(COUNT + 1);
  });

  it('says that a run was finished before, and takes the folder of a training run for its model', async () => {
    await mkdir(at('trained'));
    await copyFile(at('model.onnx'), at('trained/model.onnx'));
    const argv = ['evaluate', at('trained'), '--data', at('data'), '--attacks', 'natural', '--out', at('twice')];
    expect((await gimbal(...argv)).error).not.toContain('finished before');
    const { code, error } = await gimbal(...argv);
    expect(code).toBe(0);
    expect(error).toMatch(/finished before, and is shown again from .*twice/);
  });

  it('prints the result of a finished run again without running it', async () => {
    const first = await evaluateSmall('again', '--json', '--quiet');
    const records = await readFile(at('again/images.jsonl'));
    const second = await evaluateSmall('again', '--json', '--quiet');
    expect(second).toEqual(first);
    expect(await readFile(at('again/images.jsonl'))).toEqual(records);
    const report = await readFile(at('again/report.html'), 'utf8');
    expect(await evaluateSmall('again', '--json', '--quiet', '--examples', '1')).toEqual(first);
    const shorter = await readFile(at('again/report.html'), 'utf8');
    expect(shorter.length).toBeLessThan(report.length);
    await rm(at('again/report.html'));
    await evaluateSmall('again', '--json', '--quiet', '--examples', '1');
    expect(await readFile(at('again/report.html'), 'utf8')).toBe(shorter);
  });

  it('prints result.json and nothing else on standard output with --json', async () => {
    const { out, error } = await evaluateSmall('json', '--json');
    expect(out).toBe(await readFile(at('json/result.json'), 'utf8'));
    expect(JSON.parse(out).attacks.natural).toMatchObject({ n: COUNT });
    expect(error).toContain('95 % interval');
  });

  it('prints warnings alone with --quiet', async () => {
    expect(await evaluateSmall('quiet', '--quiet')).toEqual({
      code: 0,
      out: '',
      error: expect.stringMatching(/^Warning: The natural accuracy[^\n]*\n$/),
    });
  });

  it('fails where an accuracy is below its gate', async () => {
    const { code, error } = await evaluateSmall(
      'gates',
      '--quiet',
      '--fail-under',
      'natural=0,grid=100,worst-of-10=100',
    );
    expect(code).toBe(1);
    expect(error).toMatch(
      /^--fail-under: accuracy under grid is .* %, below 100 %\.\n--fail-under: accuracy under worst-of-10 is .*\n$/m,
    );
    expect((await evaluateSmall('gates', '--quiet', '--fail-under', 'natural=0')).code).toBe(0);
  });

  it('takes options from a config file, and flags before them', async () => {
    const { code } = await gimbal(
      'evaluate',
      at('model.onnx'),
      '--config',
      at('config.json'),
      '--limit',
      '7',
      '--threads',
      '1',
      '--quiet',
      '--out',
      at('configured'),
    );
    expect(code).toBe(0);
    const result = JSON.parse(await readFile(at('configured/result.json'), 'utf8'));
    expect(result.n).toBe(7);
    expect(Object.keys(result.attacks)).toEqual(['natural', 'grid']);
  });

  it('refuses another configuration in the same folder and names the difference', async () => {
    await evaluateSmall('taken', '--quiet');
    const { code, error } = await evaluateSmall('taken', '--rotation', '20', '--quiet');
    expect(code).toBe(2);
    expect(error).toContain('--rotation: 30 there, 20 now');
    expect(error).not.toContain('--grid');
  });

  it('evaluates the mean over image and mirror image, as the exported model does by itself', async () => {
    const { out } = await evaluateSmall('mirrored', '--mirror');
    expect(out).toMatch(/^model\.onnx, mirrored on .*, 40 images$/m);
    expect(await readFile(at('mirrored/report.md'), 'utf8')).toContain('mirror image');
    expect(await readFile(at('mirrored/report.html'), 'utf8')).toContain('Every prediction of the model is the mean');
    expect(await gimbal('export', at('model.onnx'), '--mirror', '--out', at('mirrored.onnx'))).toMatchObject({
      code: 0,
      out: expect.stringContaining('mirror image'),
    });
    const losses = async (file: string) =>
      (await readFile(at(`${file}/images.jsonl`), 'utf8'))
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
    const exported = await gimbal(
      'evaluate',
      at('mirrored.onnx'),
      '--data',
      at('data'),
      '--grid',
      '3x3x5',
      '--translation',
      '1px',
      '--threads',
      '1',
      '--out',
      at('exported'),
      '--quiet',
    );
    expect(exported.code).toBe(0);
    expect(await losses('exported')).toEqual(await losses('mirrored'));
    await evaluateSmall('plain', '--quiet');
    expect(await losses('plain')).not.toEqual(await losses('mirrored'));
  });

  it('does not go on with a vote that was evaluated in another way', async () => {
    await evaluateSmall('voted', '--vote', '3', '--quiet');
    const { vote, checksum: _, ...earlier } = JSON.parse(await readFile(at('voted/config.json'), 'utf8'));
    await writeFile(at('voted/config.json'), JSON.stringify(earlier));
    expect((await evaluateSmall('voted', '--vote', '3', '--quiet')).error).toContain(
      `vote.ends: not set there, "${vote.ends}" now`,
    );
    const { attacks } = JSON.parse(await readFile(at('voted/result.json'), 'utf8'));
    expect(Object.keys(attacks.natural)).not.toContain('everyQuery');
    expect(attacks.grid.everyQuery.n).toBe(attacks.grid.n);
    expect(await readFile(at('voted/report.html'), 'utf8')).toContain('Every query right');
    expect(await readFile(at('voted/report.md'), 'utf8')).toContain('every query right');
  });

  it('leaves out unreadable images when asked, and counts them', async () => {
    const flags = [
      'evaluate',
      at('colour.onnx'),
      '--data',
      at('unreadable'),
      '--attacks',
      'natural',
      '--threads',
      '1',
      '--quiet',
    ];
    const refused = await gimbal(...flags, '--out', at('strict'));
    expect(refused.code).toBe(2);
    expect(refused.error).toContain('1.png');
    const { code, out } = await gimbal(...flags, '--out', at('lenient'), '--skip-unreadable', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ n: 1, skipped: 1 });
  });

  it('warns before it begins, when it is shown again, and in the report where a limit leaves out classes', async () => {
    const flags = [
      'evaluate',
      at('colour.onnx'),
      '--data',
      at('two-classes'),
      '--attacks',
      'natural',
      '--threads',
      '1',
      '--limit',
      '1',
      '--out',
      at('one-class'),
    ];
    const warning =
      'Warning: With --limit 1 the images lie in only 1 of the 2 classes of two-classes. ' +
      'Add --spread to take them from all over the data set.';
    const { code, out, error } = await gimbal(...flags);
    expect(code).toBe(0);
    expect(error.split('\n').slice(0, 3)).toEqual([
      'passed over: 1 folder without images (eel)',
      'classes: 3 folders, in alphabetical order: cat, dog, eel; no images of eel',
      warning,
    ]);
    expect(out).not.toContain('Warning');
    expect(await readFile(at('one-class/report.md'), 'utf8')).toContain('--spread');
    const again = await gimbal(...flags);
    expect(again.error).toMatch(
      /^This run was finished before, and is shown again from .*\nWarning: With --limit 1 .*\n$/,
    );
    expect(again.out).toBe(out);
  });

  it('keeps the losses of an exhaustive run as a NumPy file', async () => {
    await evaluateSmall('exhaustive', '--exhaustive', '--quiet', '--attacks', 'grid:rotation', '--grid', '3x3x5');
    const file = await readFile(at('exhaustive/losses-grid-rotation.npy'));
    expect(file.subarray(0, 128).toString('latin1')).toContain(`'shape': (${COUNT}, 5)`);
    expect(file.length).toBe(128 + COUNT * 5 * 4);
  });

  it('stops at Ctrl-C and says how to go on', async () => {
    const big = [
      'evaluate',
      at('model.onnx'),
      '--data',
      at('data'),
      '--attacks',
      'grid',
      '--exhaustive',
      '--grid',
      '80x80x31',
      '--threads',
      '1',
    ];
    const bin = fileURLToPath(new URL('../../../bin/gimbal.js', import.meta.url));
    const child = spawn(process.execPath, [bin, ...big, '--out', at('stopped')], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let error = '';
    child.stderr.on('data', (chunk: Buffer) => (error += chunk.toString()));
    while (!(await readdir(folder)).includes('stopped')) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    child.kill('SIGINT');
    const [code] = await once(child, 'exit');
    expect(code).toBe(130);
    expect(error).toMatch(/Stopped after \d+ of 40 images.*\nThe same command goes on from there: gimbal evaluate/);
    expect((await readdir(at('stopped'))).includes('run.lock')).toBe(false);
  });
});

describe('bad input ends in one message and exit code 2', () => {
  const evaluation = (model: string, data: string, ...more: string[]): string[] => [
    'evaluate',
    at(model),
    '--data',
    at(data),
    '--threads',
    '1',
    '--quiet',
    ...(more.includes('--out') ? [] : ['--out', at('refused')]),
    ...more,
  ];

  it.each<[string, () => string[], RegExp]>([
    ['no command', () => [], /Usage: gimbal/],
    ['an unknown command', () => ['evalute'], /unknown command 'evalute'.*evaluate/],
    ['an unknown option', () => evaluation('model.onnx', 'data', '--gird', '3'), /--gird.*--grid/],
    ['an option without its value', () => ['evaluate', at('model.onnx'), '--data'], /--data/],
    ['too many arguments', () => ['evaluate', 'a', 'b'], /too many arguments/],
    ['no model', () => ['evaluate', '--data', 'mnist'], /MODEL: is missing/],
    ['no data', () => ['evaluate', 'm.onnx'], /--data SOURCE: is missing/],
    ['a missing config file', () => ['evaluate', '--config', at('none.json')], /none\.json: does not exist/],
    ['a config file that is not JSON', () => ['evaluate', '--config', at('broken.json')], /broken\.json: is not JSON/],
    [
      'an unknown key in a config file',
      () => ['evaluate', '--config', at('bad-config.json')],
      /"gird" in .*bad-config\.json: is not an option\. Did you mean "grid"\?/,
    ],
    [
      'a wrong value in a config file',
      () => evaluation('model.onnx', 'data', '--config', at('bad-grid.json')),
      /"grid" in .*bad-grid\.json: got "3x3"/,
    ],
    ['an unknown attack', () => evaluation('model.onnx', 'data', '--attacks', 'gird'), /gird.*grid/],
    ['a malformed grid', () => evaluation('model.onnx', 'data', '--grid', '5x5'), /--grid: got "5x5"/],
    [
      'a malformed limit',
      () => evaluation('model.onnx', 'data', '--translation', '3 feet'),
      /--translation: got "3 feet"/,
    ],
    [
      'a translation wider than the image',
      () => evaluation('model.onnx', 'data', '--translation', '9px'),
      /translation: got 9px/,
    ],
    ['a missing model', () => evaluation('none.onnx', 'data'), /none\.onnx: does not exist/],
    ['a folder for a model', () => evaluation('data', 'data'), /data: is a folder/],
    ['an empty model', () => evaluation('empty.onnx', 'data'), /empty\.onnx/],
    ['a cut model', () => evaluation('cut.onnx', 'data'), /cut\.onnx/],
    ['a file that is no model', () => evaluation('text.onnx', 'data'), /text\.onnx/],
    ['a model that is no classifier', () => evaluation('picture.onnx', 'data'), /picture\.onnx/],
    ['a model of wrong rank', () => evaluation('rank.onnx', 'data'), /model input 'x': has the shape/],
    [
      'a model of whole numbers',
      () => evaluation('type.onnx', 'data'),
      /type\.onnx: gives decisions, not scores .*int64/,
    ],
    ['a layout left open', () => evaluation('open.onnx', 'data'), /model input 'images': .*--layout nchw/],
    ['a size left open', () => evaluation('open.onnx', 'data', '--layout', 'nchw'), /model input 'images': .*--size/],
    ['too many means', () => evaluation('model.onnx', 'data', '--mean', '1,2,3'), /--mean/],
    ['missing data', () => evaluation('model.onnx', 'nowhere'), /nowhere/],
    [
      'a misspelt name of data',
      () => ['evaluate', at('model.onnx'), '--data', 'mnst'],
      /mnst: .*Did you mean "mnist"\?/,
    ],
    ['an empty folder', () => evaluation('model.onnx', 'empty'), /empty: is empty/],
    ['cut data', () => evaluation('model.onnx', 'cut-data'), /cut-data.*t10k-images/],
    ['data of another size', () => evaluation('model.onnx', 'other-size'), /1×9×9.*1×8×8/],
    ['data of another channel count', () => evaluation('model.onnx', 'photos'), /3×8×8.*1×8×8.*--colour/],
    ['labels outside the classes', () => evaluation('model.onnx', 'other-labels'), /label/],
    ['an unreadable image', () => evaluation('colour.onnx', 'unreadable'), /1\.png.*--skip-unreadable/],
    [
      'images spread without a number',
      () => evaluation('model.onnx', 'data', '--spread'),
      /--spread: goes with --limit N/,
    ],
    ['an offset behind the end', () => evaluation('model.onnx', 'data', '--offset', '40'), /no image is left/],
    ['a missing exclusion file', () => evaluation('model.onnx', 'data', '--exclude', at('none.json')), /none\.json/],
    [
      'an exclusion of what is not there',
      () => evaluation('model.onnx', 'data', '--exclude', at('config.json')),
      /config\.json/,
    ],
    [
      'an output folder that cannot be made',
      () => evaluation('model.onnx', 'data', '--out', at('file/run')),
      /file.*--out/,
    ],
    ['an output folder that is a file', () => evaluation('model.onnx', 'data', '--out', at('file')), /file.*--out/],
    ['a folder of something else', () => evaluation('model.onnx', 'data', '--out', folder), /did not write/],
    ['a device that is not there', () => evaluation('model.onnx', 'data', '--device', 'cuda'), /cuda.*cpu/],
    [
      'an exact gradient of a model that has none',
      () => evaluation('rounding.onnx', 'data', '--attacks', 'first-order'),
      /Ceil.*--gradient finite-difference/,
    ],
    [
      'an exact gradient of a vote',
      () => evaluation('model.onnx', 'data', '--vote', '3', '--attacks', 'first-order'),
      /vote.*finite-difference/,
    ],
  ])('%s', async (_, argv, message) => {
    const { code, out, error } = await gimbal(...argv());
    expect(error).toMatch(message);
    expect(error).not.toMatch(/\n\s+at |internal/);
    expect(out).toBe('');
    expect(code).toBe(2);
    if (argv().length > 0) {
      expect(error.trimEnd().split('\n')).toHaveLength(1);
    }
  });
});
