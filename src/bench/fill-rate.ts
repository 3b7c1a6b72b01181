/*
 * How full the runs of a device are over whole evaluations: searches end one by one, and a device runs a few fixed
 * numbers of images, filled up with rows that are thrown away.
 *
 *     npm run bench -- fill-rate [--images 5000] [--batches 64,256,1024] [--attacks natural,grid;first-order]
 *         [--workers 4] [--fixed 16]
 *
 * The device is simulated: a run costs as much as `--fixed` images and as its rows. `rows used` is their share of the
 * rows that were run; `rate` is the share of the rate that full batches alone would have. Images are points on a scale
 * of hardness: of `fragile` ones few survive the grid, of `robust` ones most.
 */
import { parseArgs } from 'node:util';
import { createAttack, type AttackSettings } from '../attacks/create-attack.ts';
import { arraySource } from '../data/array-source.ts';
import { evaluateClassifier } from '../evaluation/evaluate.ts';
import { memoryJournal } from '../evaluation/journal.ts';
import type { Classifier, TrialRequest } from '../model/classifier.ts';
import { inPieces, runSize } from '../model/run-size.ts';
import { randomStream } from '../random/stream.ts';
import { PARAMETERS } from '../sets/box.ts';
import type { Transformation } from '../transform/transformation.ts';
import { nodeClock } from '../node/machine/clock.ts';

const { values: flags } = parseArgs({
  options: {
    images: { type: 'string', default: '5000' },
    batches: { type: 'string', default: '64,256,1024' },
    attacks: {
      type: 'string',
      default: 'natural;worst-of-10;grid;natural,random,worst-of-10,grid;tolerance:rotation;first-order;strongest',
    },
    workers: { type: 'string', default: '4' },
    fixed: { type: 'string', default: '16' },
  },
});
const IMAGES = Number(flags.images);
const FIXED = Number(flags.fixed);
/** Four values say all of an image. */
const SHAPE = { channels: 1, height: 2, width: 2 };
const BOX = { tx: 3, ty: 3, angle: 30 };
const CLASSES = 2;
/** The most that an image may withstand, in limits of the box: its corners are √3 of them from the middle. */
const LARGEST_REACH = 6;
const MODELS = { fragile: 1.8, robust: LARGEST_REACH } as const;

const SETTINGS = { box: BOX, seed: 0, exhaustive: false, keepLosses: false } satisfies Partial<AttackSettings>;

/** By how much an image is right: it withstands `reach` limits of the box, less in the direction that it is weak in. */
function marginOf(pixels: Float32Array, { tx, ty, angle }: Transformation): number {
  const [reach, weakX, weakY, weakAngle] = pixels.map((value) => 2 * value - 1);
  const [x, y, a] = [tx / BOX.tx, ty / BOX.ty, angle / BOX.angle];
  const along = x * weakX + y * weakY + a * weakAngle;
  return 4 * (LARGEST_REACH * reach - 0.75 * Math.hypot(x, y, a) - 0.25 * along);
}

interface Account {
  runs: number;
  used: number;
  run: number;
}

/** A classifier on a device that keeps account of its runs. */
function simulated(batch: number, account: Account): Classifier {
  const count = ({ trials }: TrialRequest): void => {
    for (const [from, to] of inPieces(trials.length, batch)) {
      account.runs++;
      account.used += to - from;
      account.run += runSize(to - from, batch, false, { fewSizes: true });
    }
  };
  const margins = ({ images, trials }: TrialRequest, move: (t: Transformation) => Transformation = (t) => t) =>
    trials.map(({ image, transformations }) => marginOf(images[image], move(transformations[0])));
  const logitsOf = (request: TrialRequest): Float32Array =>
    Float32Array.from(margins(request).flatMap((margin) => [margin, 0]));
  return {
    classes: CLASSES,
    shape: SHAPE,
    batch,
    filled: batch,
    parallelism: 2 * Number(flags.workers),
    async logits(request) {
      count(request);
      return logitsOf(request);
    },
    async gradients(request) {
      count(request);
      const transformation = new Float64Array(3 * request.trials.length);
      PARAMETERS.forEach((key, k) => {
        const step = 1e-3 * BOX[key];
        const [above, below] = [step, -step].map((by) => margins(request, (t) => ({ ...t, [key]: t[key] + by })));
        above.forEach((margin, i) => (transformation[3 * i + k] = (below[i] - margin) / (2 * step)));
      });
      return { logits: logitsOf(request), transformation };
    },
    close: async () => {},
  };
}

function images(reach: number): Float32Array[] {
  const stream = randomStream(0, 'fill rate');
  return Array.from({ length: IMAGES }, (_, i) => {
    const [u, ...weak] = stream.uniform4(i);
    const direction = weak.map((value) => 2 * value - 1);
    const [x, y, angle] = direction;
    const length = Math.hypot(x, y, angle);
    const withstood = (reach / LARGEST_REACH) * (1.05 * u - 0.05);
    return Float32Array.from([withstood, ...direction.map((value) => value / length)], (value) => (1 + value) / 2);
  });
}

const table = [];
for (const names of flags.attacks.split(';')) {
  for (const [model, reach] of Object.entries(MODELS)) {
    const source = arraySource({
      images: images(reach),
      labels: new Array<number>(IMAGES).fill(0),
      shape: SHAPE,
      name: model,
      classes: CLASSES,
    });
    const row: Record<string, string | number> = { attacks: names, model };
    for (const batch of flags.batches.split(',').map(Number)) {
      const account: Account = { runs: 0, used: 0, run: 0 };
      await evaluateClassifier({
        classifier: simulated(batch, account),
        source,
        journal: memoryJournal(),
        attacks: names.split(',').map((name) => createAttack(name, SETTINGS)),
        clock: nodeClock,
        about: { gimbal: '0', model: { name: model, sha256: '' }, data: { name: model, fingerprint: '' } },
      });
      const full = (account.used / batch) * (FIXED + batch);
      row.rows = account.used;
      row[`${batch}: rows used`] = Number((account.used / account.run).toFixed(3));
      row[`${batch}: rate`] = Number((full / (account.runs * FIXED + account.run)).toFixed(3));
    }
    console.log(
      Object.entries(row)
        .map(([key, value]) => `${key} ${value}`)
        .join(', '),
    );
    table.push(row);
  }
}
console.table(table);
