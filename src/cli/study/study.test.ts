import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Study } from '../../studies/study.ts';
import { idxFile } from '../../testing/data-files.ts';
import { recordingTerminal } from '../../testing/terminal.ts';
import { main } from '../main.ts';
import { carryOut } from './carry-out.ts';
import { gatherStudy } from './gather.ts';
import type { StudyRequest } from './study-request.ts';

const SIDE = 12;
let folder: string;

/** Bars that lie or stand: turning them by 90° exchanges the classes. */
async function writeBars(kind: string, count: number): Promise<void> {
  const across = Array.from({ length: count * SIDE * SIDE }, (_, i) => {
    const [row, column] = [Math.floor(i / SIDE) % SIDE, i % SIDE];
    return Math.floor(i / (SIDE * SIDE)) % 2 === 0 ? (row === 5 ? 255 : 0) : column === 5 ? 255 : 0;
  });
  await writeFile(join(folder, `${kind}-images-idx3-ubyte`), idxFile([count, SIDE, SIDE], across));
  await writeFile(join(folder, `${kind}-labels-idx1-ubyte`), idxFile([count], Array.from({ length: count }, (_, i) => i % 2)));
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gimbal-study-'));
  await writeBars('train', 64);
  await writeBars('t10k', 16);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const SMALL = ['width=2', 'epochs=2', 'batch=8', 'heldOut=16'];
const part = { name: 'attacked', attacks: ['natural', 'worst-of-3'], limit: 8, options: { rotation: 90, translation: '1px' } };
const tiny: Study = {
  name: 'tiny', title: 'Bars', data: 'bars', columns: ['natural', 'worst-of-3'],
  classifiers: [{ name: 'standard', recipe: 'mnist/standard', share: 1 }],
  rows: [
    { name: 'standard', title: 'standard', classifier: 'standard', parts: [part] },
    { name: 'vote', title: 'standard + vote', classifier: 'standard', vote: 3, parts: [{ ...part, name: 'voted', limit: 4 }] },
  ],
  contrast: { fooled: 'standard', robust: 'vote', attack: 'worst-of-3', images: 4 },
};
const request = (more: Partial<StudyRequest> = {}): StudyRequest =>
  ({ study: tiny, data: folder, out: join(folder, 'tiny'), only: [], changes: SMALL, threads: 1, quiet: false, command: 'gimbal tiny', ...more });
const never = new AbortController().signal;

it('trains and measures, does nothing twice, and gathers what is saved', async () => {
  const first = recordingTerminal();
  expect(await carryOut(request(), first, never)).toBe(true);
  expect(first.written.error).toMatch(/^\[1\/3\] training standard \(mnist\/standard\)$/m);
  expect(first.written.error).toMatch(/^\[3\/3\] 4\/4 images/m);

  const again = recordingTerminal();
  expect(await carryOut(request(), again, never)).toBe(true);
  expect(again.written.error).toBe('');

  const { report, missing } = (await gatherStudy(request(), never))!;
  expect(missing).toEqual([]);
  expect(report.rows.map(({ row, cells }) => [row.title, ...[...cells].map(([name, { n }]) => `${name} ${n}`)])).toEqual([
    ['standard', 'natural 8', 'worst-of-3 8'],
    ['standard + vote', 'natural 4', 'worst-of-3 4'],
  ]);
  expect(report.training).toMatchObject([{ recipe: 'mnist/standard', seed: 0, epochs: [{ epoch: 1 }, { epoch: 2 }] }]);
  expect(report.contrast?.examples.length).toBeLessThanOrEqual(4);
});

it('refuses a model that was trained with other settings, and stops when it is asked to', async () => {
  await expect(carryOut(request({ changes: [...SMALL, 'seed=1'] }), recordingTerminal(), never)).rejects.toThrow(/trained by mnist\/standard with other settings/);
  const stopped = new AbortController();
  stopped.abort();
  expect(await carryOut(request({ out: join(folder, 'stopped') }), recordingTerminal(), stopped.signal)).toBe(false);
});

it('gimbal reproduce measures a row in part, prints it beside the paper and again from what is saved', async () => {
  const out = join(folder, 'mnist');
  const reproduce = async (...more: string[]): Promise<{ code: number; out: string; error: string }> => {
    const terminal = recordingTerminal();
    const code = await main(['reproduce', 'mnist', '--data', folder, '--out', out, '--threads', '1', '--quiet', ...SMALL.flatMap((change) => ['--set', change]), ...more], terminal);
    return { code, ...terminal.written };
  };
  const { code, out: printed } = await reproduce('--only', 'standard', '--limit', '2');
  expect(code).toBe(0);
  expect(printed).toMatch(/^Standard +99\.31 +– +73\.32 +26\* +– +– +–$/m);
  expect(printed).toMatch(/^Standard \+ vote +\d/m);
  expect(printed).toMatch(/^Not measured yet: Aug 30, /m);
  expect(await reproduce('--saved')).toEqual({ code: 0, out: printed, error: '' });
  expect(await readFile(join(out, 'report.html'), 'utf8')).toContain('Engstrom et al.');
  expect(JSON.parse(await readFile(join(out, 'study.json'), 'utf8'))).toMatchObject({ rows: [{ name: 'standard', attacks: { grid: { n: 2 } } }, { name: 'standard-vote' }] });

  expect(await reproduce('--only', 'standrad')).toMatchObject({ code: 2, error: expect.stringContaining('Did you mean "standard"') });
  expect(await main(['reproduce', 'svhn'], recordingTerminal())).toBe(2);
  expect(await reproduce('--saved', '--out', join(folder, 'nothing'))).toMatchObject({ code: 2, error: expect.stringContaining('no finished run') });
});
