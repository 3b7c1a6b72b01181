import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { gimbal } from '../../testing/gimbal.ts';

const BIN = join(import.meta.dirname, '..', '..', '..', 'bin', 'gimbal.js');
const folder = mkdtempSync(join(tmpdir(), 'gimbal-train-'));
const data = join(folder, 'train-images-idx3-ubyte');

beforeAll(() => {
  const count = 96;
  const header = (magic: number, ...sizes: number[]) => {
    const bytes = Buffer.alloc(4 + 4 * sizes.length);
    [magic, ...sizes].forEach((value, i) => bytes.writeUInt32BE(value, 4 * i));
    return bytes;
  };
  const pixels = Buffer.from(
    Array.from({ length: count * 64 }, (_, i) => ((i >> 6) % 2 === 0 ? i % 8 : (i >> 3) % 8) * 30),
  );
  writeFileSync(data, Buffer.concat([header(0x803, count, 8, 8), pixels]));
  writeFileSync(
    join(folder, 'train-labels-idx1-ubyte'),
    Buffer.concat([header(0x801, count), Buffer.from(Array.from({ length: count }, (_, i) => i % 2))]),
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

function args(out: string, ...more: string[]): string[] {
  const settings = ['width=2', 'epochs=5', 'batch=8', 'heldOut=16', 'candidates=3', 'rotation=10', 'translation=1'];
  return [
    BIN,
    'train',
    'mnist/w10-30',
    '--data',
    data,
    '--out',
    join(folder, out),
    '--threads',
    '1',
    ...settings.flatMap((s) => ['--set', s]),
    ...more,
  ];
}

/** Runs a command in this process; rejects with its exit code and what it said where that is not 0. */
async function run([, ...argv]: string[]): Promise<{ stdout: string; stderr: string }> {
  const { code, out: stdout, error: stderr } = await gimbal(...argv);
  if (code !== 0) throw Object.assign(new Error(stderr), { code, stderr });
  return { stdout, stderr };
}

/** Starts a run and ends it by the signal once standard error has shown the text; resolves with the exit code. */
function interrupt(commandLine: string[], text: string, signal: NodeJS.Signals): Promise<number | null> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, commandLine, { stdio: ['ignore', 'ignore', 'pipe'] });
    child.stderr.on('data', (chunk: Buffer) => {
      if (chunk.toString().includes(text)) child.kill(signal);
    });
    child.on('exit', resolve);
  });
}

describe('gimbal train', () => {
  it('ends with the same bytes whether killed on the way or not, by the same command', async () => {
    const { stdout } = await run(args('whole'));
    expect(stdout).toMatch(/natural \d+\.\d %, worst of 10 \d+\.\d % on 16 held-out training images/);
    await interrupt(args('killed'), 'epoch 2/5', 'SIGKILL');
    await interrupt(args('killed'), 'epoch 3/5', 'SIGKILL');
    // What the killed command had started ends on its own, a moment later.
    await vi.waitFor(() => run(args('killed', '--resume')), { timeout: 30_000, interval: 200 });
    const model = (out: string) => readFileSync(join(folder, out, 'model.onnx'));
    expect(model('killed').equals(model('whole'))).toBe(true);
    const epochs = readFileSync(join(folder, 'killed', 'metrics.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { epoch: number }).epoch);
    expect(epochs).toEqual([1, 2, 3, 4, 5]);
    expect(readFileSync(join(folder, 'killed', 'report.html'), 'utf8')).toContain('gimbal train');
    // A run that is finished stays as it is.
    await run(args('whole'));
  });

  it('says when a model is measured on what it was trained on, and takes the run folder for the model', async () => {
    const more = ['--attacks', 'natural', '--threads', '1', '--out', join(folder, 'seen')];
    const { stderr } = await run([BIN, 'evaluate', join(folder, 'whole'), '--data', data, ...more]);
    expect(stderr).toMatch(
      /Warning: The model was trained on these images .* --held-out measures it on the (\d+) of them/,
    );

    const [, kept] = /on the (\d+) of them/.exec(stderr) ?? [];
    const apart = ['--held-out', '--json', '--quiet', ...more.slice(0, -1), join(folder, 'apart')];
    const { stdout: json } = await run([BIN, 'evaluate', join(folder, 'whole'), '--data', data, ...apart]);
    expect(JSON.parse(json)).toMatchObject({ n: Number(kept) });
  });

  it('begins with the weights of a finished run', async () => {
    await run(args('second', '--set', 'seed=1', '--set', 'epochs=1', '--from', join(folder, 'whole')));
    const config = JSON.parse(readFileSync(join(folder, 'second', 'config.json'), 'utf8')) as { start: string };
    expect(config.start).toMatch(/^[0-9a-f]{64}$/);
    await expect(run(args('third', '--from', folder))).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('holds no training run'),
    });
    await expect(
      run(args('third', '--set', 'width=4', '--from', join(folder, 'whole', 'checkpoint.bin'))),
    ).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('width 2, here 4') });
  });

  it('trains on a folder of colour images of several sizes, and holds other sizes for another run', async () => {
    const photos = join(folder, 'photos');
    for (let i = 0; i < 24; i++) {
      const path = join(photos, 'train', i % 2 === 0 ? 'red' : 'blue');
      mkdirSync(path, { recursive: true });
      await sharp({
        create: {
          width: 10 + (i % 3),
          height: 9,
          channels: 3,
          background: { r: i % 2 === 0 ? 200 : 20, g: 5 * i, b: i % 2 === 0 ? 30 : 210 },
        },
      })
        .png()
        .toFile(join(path, `${i}.png`));
    }
    const train = (...more: string[]) =>
      run([
        BIN,
        'train',
        'cifar10/standard',
        '--data',
        photos,
        '--out',
        join(folder, 'own'),
        '--threads',
        '1',
        '--set',
        'depth=8',
        '--set',
        'width=2',
        '--set',
        'epochs=1',
        ...more,
      ]);
    const tooFew = ['--set', 'heldOut=4', '--set', 'batch=32'];
    await expect(train(...tooFew, '--resize', '8x10')).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--set heldOut=2 --set batch=2'),
    });
    const few = ['--set', 'heldOut=4', '--set', 'batch=4'];
    await expect(train(...few)).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('--resize 9x11') });
    await train(...few, '--resize', '8x10');
    await expect(train(...few, '--resize', '10', '--crop', '10', '--resume')).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('data.'),
    });

    // A recipe for photographs says itself how they come to size.
    const out = join(folder, 'sized');
    const settings = ['width=2', 'batch=8', 'heldOut=4', 'epochs=1'].flatMap((one) => ['--set', one]);
    const { stderr } = await run([BIN, 'train', 'imagenet/standard', '--data', photos, '--out', out, ...settings]);
    expect(stderr).toContain('images: --resize 256 --crop 224, as the recipe was written for.');
    const { data } = JSON.parse(readFileSync(join(out, 'config.json'), 'utf8')) as { data: object };
    expect(data).toMatchObject({ resize: 256, crop: 224 });
  });

  it('stops at Ctrl-C with exit code 130', async () => {
    expect(await interrupt(args('stopped', '--set', 'epochs=500'), 'epoch 1/500', 'SIGINT')).toBe(130);
    expect(readFileSync(join(folder, 'stopped', 'checkpoint.bin')).length).toBeGreaterThan(1000);
  });

  it('exports the vote of what it trained', async () => {
    const out = join(folder, 'voted.onnx');
    const { stdout } = await run([BIN, 'export', join(folder, 'whole'), '--vote', '10', '--out', out]);
    expect(stdout).toContain('10 votes over rotations up to 3.33° and shifts up to 0.33 × 0.33 px');
    expect(readFileSync(out).length).toBeGreaterThan(readFileSync(join(folder, 'whole', 'model.onnx')).length);
    const plain = readFileSync(out).length;
    const both = await run([BIN, 'export', join(folder, 'whole'), '--mirror', '--vote', '10', '--out', out]);
    expect(both.stdout).toContain('the mean over an image and its mirror image; 10 votes');
    expect(readFileSync(out).length).toBeGreaterThan(plain);
    await expect(run([BIN, 'export', folder, '--vote', '1', '--out', out])).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--vote'),
    });
  });
});
