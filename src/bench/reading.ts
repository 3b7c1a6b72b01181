/*
 * How much of the rate of an evaluation is kept where its images are decoded from files, against the same images in
 * memory.
 *
 *     npm run bench -- reading MODEL SOURCE [--images 48] [--attacks natural,worst-of-10] [--spread] [--crop 224]
 *         [--rounds 5] [--threads N]
 *
 * The two run in turn, in one process, with the same classifier. `rate` is images in memory over files, of the times of
 * a round: the median of the rounds. `waited` is the share of the time in which no forward pass was under way because
 * every group of images waited to be read.
 */
import { parseArgs } from 'node:util';
import { createAttack } from '../attacks/create-attack.ts';
import { arraySource } from '../data/array-source.ts';
import { selectImages } from '../data/selection.ts';
import type { ImageSource } from '../data/source.ts';
import { evaluateClassifier } from '../evaluation/evaluate.ts';
import { memoryJournal } from '../evaluation/journal.ts';
import type { LabelledImage } from '../image/image.ts';
import type { Classifier } from '../model/classifier.ts';
import { openSource } from '../node/data/open.ts';
import { loadModel } from '../node/runtime/open.ts';
import { startClassifier } from '../node/runtime/start.ts';
import { createBox } from '../sets/box.ts';
import { median } from './median.ts';
import { nodeClock } from '../node/machine/clock.ts';

const {
  values: flags,
  positionals: [model, data],
} = parseArgs({
  allowPositionals: true,
  options: {
    images: { type: 'string', default: '48' },
    attacks: { type: 'string', default: 'natural,worst-of-10' },
    spread: { type: 'boolean', default: false },
    crop: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    threads: { type: 'string' },
  },
});

/** Time in which at least one read, and no forward pass, was under way. */
class Watch {
  #passes = 0;
  #reads = 0;
  #since = 0;
  waited = 0;

  async during<T>(what: 'pass' | 'read', work: () => Promise<T>): Promise<T> {
    this.#change(what, 1);
    try {
      return await work();
    } finally {
      this.#change(what, -1);
    }
  }

  #change(what: 'pass' | 'read', by: number): void {
    const now = performance.now();
    if (this.#reads > 0 && this.#passes === 0) this.waited += now - this.#since;
    if (what === 'pass') this.#passes += by;
    else this.#reads += by;
    this.#since = now;
  }
}

interface Measured {
  readonly seconds: number;
  readonly waited: number;
}

async function measure(classifier: Classifier, source: ImageSource): Promise<Measured> {
  const watch = new Watch();
  const started = performance.now();
  await evaluateClassifier({
    classifier: { ...classifier, logits: (request) => watch.during('pass', () => classifier.logits(request)) },
    source: { ...source, read: (...asked) => watch.during('read', () => source.read(...asked)) },
    journal: memoryJournal(),
    attacks: flags.attacks
      .split(',')
      .map((name) => createAttack(name, { box: createBox(classifier.shape, 30), seed: 0 })),
    clock: nodeClock,
    about: { gimbal: '0', model: { name: '', sha256: '' }, data: { name: '', fingerprint: '' } },
  });
  const milliseconds = performance.now() - started;
  return { seconds: milliseconds / 1000, waited: watch.waited / milliseconds };
}

async function main(path: string, spec: string): Promise<void> {
  const prepared = await loadModel(path);
  const classifier = await startClassifier(prepared, {
    threads: flags.threads === undefined ? undefined : Number(flags.threads),
  });
  const { shape } = prepared.description.input;
  const crop = flags.crop === undefined ? undefined : Number(flags.crop);
  const opened = await openSource(spec, { split: 'test', shape, crop });
  const files = selectImages(opened, { limit: Number(flags.images), spread: flags.spread });
  const every = await files.read(Array.from({ length: files.length }, (_, i) => i));
  const inMemory = (images: readonly LabelledImage[]): ImageSource =>
    arraySource({
      images: images.map(({ pixels }) => pixels),
      labels: images.map(({ label }) => label),
      shape: files.shape,
      classes: files.classes,
    });
  const memory = inMemory(every);
  await measure(classifier, memory);
  const rounds: { readonly files: Measured; readonly memory: Measured }[] = [];
  for (let round = 0; round < Number(flags.rounds); round++) {
    const [first, second] = round % 2 === 0 ? [files, memory] : [memory, files];
    const [one, other] = [await measure(classifier, first), await measure(classifier, second)];
    rounds.push(round % 2 === 0 ? { files: one, memory: other } : { files: other, memory: one });
  }
  const of = (pick: (round: (typeof rounds)[number]) => number): number => median(rounds.map(pick));
  console.log(
    `${files.length} images${flags.spread ? ', spread' : ''}, ${flags.attacks}: ` +
      `files ${of(({ files }) => files.seconds).toFixed(2)} s, in memory ` +
      `${of(({ memory }) => memory.seconds).toFixed(2)} s, ` +
      `rate ${of(({ files, memory }) => memory.seconds / files.seconds).toFixed(3)}, ` +
      `waited ${of(({ files }) => files.waited).toFixed(4)} (in memory ` +
      `${of(({ memory }) => memory.waited).toFixed(4)})`,
  );
  await classifier.close();
  await opened.close();
}

if (data === undefined) {
  console.error(
    'usage: npm run bench -- reading MODEL SOURCE [--images 48] [--attacks …] [--spread] [--crop 224] [--rounds 5]',
  );
  process.exitCode = 2;
} else await main(model, data);
