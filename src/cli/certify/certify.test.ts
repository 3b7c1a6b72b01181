import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gimbal } from '../../testing/gimbal.ts';
import type { EvaluationResult, ImageRecord } from '../../evaluation/records.ts';
import { rotationInputs } from '../../sets/rotations/rotation-inputs.ts';
import { argMax } from '../../statistics/cross-entropy.ts';
import { linearModel, linearScores } from '../../testing/classifier.ts';
import { idxFile } from '../../testing/data-files.ts';
import { gather } from '../../transform/gather.ts';

const SIDE = 6;
const CLASSES = 2;
const COUNT = 22;
const RANGE = ['--rotation', '20', '--translation', '1px'];

let folder: string;
const at = (name: string): string => join(folder, name);
/** Bright spots, the later the wider: of these some withstand everything, most do not. */
const bytes = Array.from({ length: COUNT }, (_, n) =>
  Array.from({ length: SIDE * SIDE }, (_, i) => {
    const [x, y] = [(i % SIDE) - (SIDE - 1) / 2, Math.floor(i / SIDE) - (SIDE - 1) / 2];
    return Math.round(250 * Math.exp(-(x * x + y * y) / (1 + n / 2)));
  }),
);
const pixels = bytes.map((image) => Float32Array.from(image, (byte) => byte / 255));
const labels = pixels.map((image) => argMax(linearScores(image, CLASSES), 0, CLASSES));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gimbal-certify-'));
  await writeFile(
    at('model.onnx'),
    linearModel({ shape: { channels: 1, height: SIDE, width: SIDE }, classes: CLASSES }),
  );
  await writeFile(at('t10k-images-idx3-ubyte'), idxFile([COUNT, SIDE, SIDE], bytes.flat()));
  await writeFile(at('t10k-labels-idx1-ubyte'), idxFile([COUNT], labels));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const certifying = (out: string, ...more: string[]): string[] => [
  ...['certify', at('model.onnx'), '--data', folder, ...RANGE, '--threads', '1', '--out', at(out)],
  ...['--share', '10', '--confidence', '90', ...more],
];

async function kept(out: string): Promise<{ records: string; result: EvaluationResult }> {
  const [records, result] = await Promise.all([
    readFile(at(`${out}/images.jsonl`), 'utf8'),
    readFile(at(`${out}/result.json`), 'utf8'),
  ]);
  return { records, result: JSON.parse(result) as EvaluationResult };
}

/** All but what two equal runs may differ in. */
function figures({ seconds: _, ...rest }: EvaluationResult & { seal?: unknown; sha256?: unknown }): object {
  return Object.fromEntries(Object.entries(rest).filter(([key]) => !/checksum|seal/.test(key)));
}

const isRight = (image: number, shown: Float32Array): boolean =>
  argMax(linearScores(shown, CLASSES), 0, CLASSES) === labels[image];

describe('gimbal certify', () => {
  it('proves what running everything by hand proves, and tells it in words, report and JSON', async () => {
    const { code, out } = await gimbal(...certifying('whole'));
    expect(code).toBe(0);
    const { result, records } = await kept('whole');
    const inputs = rotationInputs({ height: SIDE, width: SIDE }, { angle: 20, padding: 'zeros' });
    const shown = new Float32Array(SIDE * SIDE);
    const turned = pixels.map((image, n) =>
      Array.from({ length: inputs.length }, (_, i) => i).every((i) => {
        gather(inputs.sources(i), 1, image, shown.length, shown);
        return isRight(n, shown);
      }),
    );
    const shifted = pixels.map((image, n) =>
      [-1, 0, 1].every((tx) =>
        [-1, 0, 1].every((ty) => {
          for (let i = 0; i < shown.length; i++) {
            const [x, y] = [(i % SIDE) - tx, Math.floor(i / SIDE) - ty];
            shown[i] = x < 0 || y < 0 || x >= SIDE || y >= SIDE ? 0 : image[y * SIDE + x];
          }
          return isRight(n, shown);
        }),
      ),
    );
    const lines = records
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as ImageRecord);
    expect(lines.map(({ attacks }) => attacks['proved:rotation'].robust)).toEqual(turned);
    expect(lines.map(({ attacks }) => attacks['proved:translation'].robust)).toEqual(shifted);
    // Neither all nor none, so that the comparison says something.
    for (const all of [turned, shifted]) expect(new Set(all).size).toBe(2);
    const { shifts, rotation, bound } = result.certificates!;
    expect(shifts).toMatchObject({ proved: shifted.filter(Boolean).length, n: COUNT, inputs: 9 });
    expect(shifts!.radii).toEqual([
      { radius: 0, proved: COUNT },
      { radius: 1, proved: shifts!.proved },
    ]);
    expect(rotation).toMatchObject({ proved: turned.filter(Boolean).length, n: COUNT, inputs: inputs.length });
    expect(rotation!.meaning).toContain('every real angle up to 20°');
    expect(bound!.meaning).toMatch(/^Bounded with confidence, not proved: .* 90 % that at most 10 %/);
    const [markdown, html] = await Promise.all(
      ['md', 'html'].map((type) => readFile(at(`whole/report.${type}`), 'utf8')),
    );
    for (const text of [out, markdown, html]) expect(text).toContain(rotation!.meaning);
    expect(markdown).toMatch(/Accuracy falls from 100\.0 % to \d+\.\d % under every /);
    expect(out).toContain(`rotation: ${rotation!.proved} of ${COUNT} images`);
  });

  it('goes on after kill -9 to the bytes of a run that was not disturbed', async () => {
    const bin = fileURLToPath(new URL('../../../bin/gimbal.js', import.meta.url));
    const child = spawn(process.execPath, [bin, ...certifying('killed')], { stdio: 'ignore', detached: true });
    const ended = once(child, 'exit');
    const begun = async (): Promise<number> =>
      (await readFile(at('killed/images.jsonl'), 'utf8').catch(() => '')).split('\n').length;
    while (child.exitCode === null && (await begun()) < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    // The command and the process under it, which does the work.
    process.kill(-child.pid!, 'SIGKILL');
    await ended;
    // The folder is free once the system has put both away.
    while ((await gimbal(...certifying('killed', '--quiet'))).code !== 0)
      await new Promise((resolve) => setTimeout(resolve, 20));
    const [killed, whole] = [await kept('killed'), await kept('whole')];
    expect(killed.records).toBe(whole.records);
    expect(figures(killed.result)).toEqual(figures(whole.result));
  });

  it('merges from shards to the same bytes', async () => {
    for (const shard of ['1/3', '2/3', '3/3']) {
      const { code } = await gimbal(...certifying('shards', '--shard', shard, '--quiet'));
      expect(code).toBe(0);
    }
    expect((await gimbal('merge', at('shards'), '--out', at('merged'), '--quiet')).code).toBe(0);
    const [merged, whole] = [await kept('merged'), await kept('whole')];
    expect(merged.records).toBe(whole.records);
    expect(figures(merged.result)).toEqual(figures(whole.result));
  });

  it('takes the grades that are asked for, and a budget of passes', async () => {
    const { out } = await gimbal(
      ...certifying('few', '--grades', 'rotation-and-shifts,bound:rotation', '--most-passes', '9'),
    );
    const { result } = await kept('few');
    expect(Object.keys(result.certificates!)).toEqual(['rotation-and-shifts', 'bound:rotation']);
    expect(result.certificates!['rotation-and-shifts']).toMatchObject({ proved: 0, n: COUNT });
    expect(result.certificates!['rotation-and-shifts']!.undecided).toBeGreaterThan(0);
    expect(out).toMatch(/passes ran out on \d+ more/);
    // Neither is worst-case accuracy: an image that is not proved may be right, one that is bounded may be wrong.
    const markdown = await readFile(at('few/report.md'), 'utf8');
    expect(markdown).toContain('model.onnx is right on 100.0 % of the images as they are.');
    expect(markdown).not.toContain('falls from');
  });

  it.each([
    [
      ['--vote', '10'],
      /vote: got proved:translation, proved:rotation, bounded, but the answers of a vote are drawn afresh/,
    ],
    [['--grades', 'proofs'], /--grades: got "proofs", expected names of grades separated by commas/],
    [['--convention', 'madry-tf'], /--convention.*not an option|unknown option '--convention'/],
    [['--share', '0.5'], /Is 50 % meant\? Write 50, or 0\.5% to mean it/],
    [['--share', '70'], /percent of the box from 0\.01% to 50%/],
    [['--confidence', '0.9'], /percent from 50 to 99\.9999/],
    [['--fail-under', 'grid=60'], /names grid, which is not among the attacks natural, proved:translation/],
  ])('refuses %j in one message', async (more, message) => {
    const { code, error, out } = await gimbal(...certifying('refused', ...more));
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(error.trim().split('\n')).toHaveLength(1);
    expect(error).toMatch(message);
  });
});
