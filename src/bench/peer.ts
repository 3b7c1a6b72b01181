/*
 * How much sooner Gimbal reaches the verdicts of the 775-point grid than the published way of evaluating it (every
 * point, every image) in PyTorch on the CPU; see tools/peers/evaluation.py. Run in turn, three times, medians:
 *
 *     npm run bench -- peer MODEL.onnx CIFAR_FOLDER [EXCLUDE.json] [--images 300] [--threads 2] [--python python3]
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createAttack } from '../attacks/create-attack.ts';
import { selectImages } from '../data/selection.ts';
import { evaluateClassifier } from '../evaluation/evaluate.ts';
import { memoryJournal } from '../evaluation/journal.ts';
import { openSource } from '../node/data/open.ts';
import { openClassifier } from '../node/runtime/open.ts';
import { createGrid } from '../sets/grid.ts';
import { median } from './median.ts';
import { nodeClock } from '../node/machine/clock.ts';

const {
  values: options,
  positionals: [model, data, exclude],
} = parseArgs({
  allowPositionals: true,
  options: {
    images: { type: 'string', default: '300' },
    threads: { type: 'string', default: '2' },
    python: { type: 'string', default: 'python3' },
    rounds: { type: 'string', default: '3' },
  },
});
if (data === undefined) {
  console.error(
    'usage: npm run bench -- peer MODEL.onnx CIFAR_FOLDER [EXCLUDE.json] [--images 300] [--threads 2] [--python ' +
      'python3] [--rounds 3]',
  );
  process.exit(2);
}

const threads = Number(options.threads);
const POINTS = 775;
const opened = await openSource(data, { split: 'test' });
const left = exclude === undefined ? [] : (JSON.parse(readFileSync(exclude, 'utf8')) as { test: number[] }).test;
const source = selectImages(opened, { limit: Number(options.images), exclude: left });
const images = await source.read(Array.from({ length: source.length }, (_, i) => i));

const folder = mkdtempSync(join(tmpdir(), 'gimbal-peer-'));
const files = ['images.f32', 'labels.u8'].map((name) => join(folder, name));
writeFileSync(files[0], Buffer.concat(images.map(({ pixels }) => Buffer.from(Float32Array.from(pixels).buffer))));
writeFileSync(
  files[1],
  Uint8Array.from(images, ({ label }) => label),
);

const classifier = await openClassifier({ model, threads });
const grid = createGrid({ tx: 3, ty: 3, angle: 30 }, { tx: 5, ty: 5, angle: 31 });

/** Seconds, surviving images (by position) and forward passes of Gimbal's grid. */
interface Ours {
  readonly seconds: number;
  readonly survivors: readonly number[];
  readonly passes: number;
}

/** A line of the peer's. */
interface Theirs extends Pick<Ours, 'seconds' | 'survivors'> {
  readonly torch: string;
  readonly precision: string;
  readonly layout: string;
  readonly batch: number;
}

async function gimbal(exhaustive: boolean): Promise<Ours> {
  const started = performance.now();
  const journal = memoryJournal();
  const result = await evaluateClassifier({
    classifier,
    source,
    journal,
    attacks: [createAttack('grid', { box: grid.box, grid: grid.size, exhaustive })],
    clock: nodeClock,
    about: { gimbal: '', model: { name: '', sha256: '' }, data: { name: '', fingerprint: '' } },
  });
  const seconds = (performance.now() - started) / 1000;
  const survivors: number[] = [];
  let position = 0;
  for await (const { attacks } of journal.records()) {
    if (attacks.grid.robust) survivors.push(position);
    position++;
  }
  return { seconds, survivors, passes: result.evaluations.made };
}

const peer = (): Theirs[] =>
  execFileSync(
    options.python,
    [join(import.meta.dirname, '..', '..', 'tools', 'peers', 'evaluation.py'), model, ...files, String(threads)],
    {
      encoding: 'utf8',
    },
  )
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Theirs);
const rounds: { early: Ours; theirs: Theirs[]; all: Ours }[] = [];
await gimbal(false);
for (let round = 0; round < Number(options.rounds); round++) {
  const [early, theirs, all] = [await gimbal(false), peer(), await gimbal(true)];
  rounds.push({ early, theirs, all });
  console.log(
    `round ${round + 1}: gimbal ${early.seconds.toFixed(2)} s (${(early.passes / source.length).toFixed(1)} ` +
      `passes an image), without early stopping ${all.seconds.toFixed(2)} s`,
  );
  for (const { torch, precision, layout, batch, seconds, survivors } of theirs) {
    const same =
      survivors.length === early.survivors.length && survivors.every((position, i) => position === early.survivors[i]);
    console.log(
      `  PyTorch ${torch} ${precision} (${layout}, batch ${batch}) ${seconds.toFixed(2)} s, ` +
        `${survivors.length} of ${source.length} survive: ` +
        `${same ? 'the same verdicts' : 'not the same images as in float32'}`,
    );
  }
}
console.log(`${source.length} images, ${POINTS} points, ${threads} threads; medians of ${rounds.length} rounds`);
for (const [i, precision] of ['float32', 'bfloat16'].entries()) {
  const ratio = (ours: 'early' | 'all'): string =>
    median(rounds.map((round) => round.theirs[i].seconds / round[ours].seconds)).toFixed(2);
  console.log(
    `sooner than PyTorch's best ${precision}: ${ratio('early')} times with early stopping, ` +
      `${ratio('all')} times without`,
  );
}
await classifier.close();
rmSync(folder, { recursive: true });
