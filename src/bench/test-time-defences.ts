/*
 * Deterministic test-time defences as part of the attacked model: what a classifier keeps that looks at K turned views
 * of each image, evenly spaced within ±DEG (or with --shift at the image and at it shifted by PX to each of the four
 * sides), and answers with the mean of its probabilities, as to the view of which it is surest, or as to the one of
 * least energy; with a fixed vote; with its mirror image; or with several of these.
 *
 *     npm run bench -- test-time-defences [--views 7] [--reach 24] [--only NAMES] [--out DIR] -- MODEL --data SOURCE …
 *     npm run bench -- test-time-defences --shift 1 --only mean+mirror -- MODEL --data SOURCE …
 *
 * After -- come options of gimbal evaluate with their values. NAMES are of none, mirror, vote, mean, most-confident,
 * least-energy, joined by +mirror where the classifier inside is mirrored. Each is written as DIR/NAME.onnx and
 * evaluated in DIR/NAME, where a run that was stopped goes on; without DIR they are removed at the end.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { misuse } from '../errors/error.ts';
import { evaluate, exportModel } from '../index.ts';
import { loadModel } from '../node/runtime/open.ts';
import { modelPath } from '../node/runtime/shipped-models.ts';
import { takesRawPixels } from '../model/with-preprocessing.ts';
import { writeModel } from '../onnx/write.ts';
import { type Answer, ANSWERS, turnedViews, viewsGraph } from '../training/export/views-graph.ts';
import { votable } from '../training/export/votable.ts';
import { after, own, requestOf } from './arguments.ts';

const VOTES = 10;
const KNOWN = ['none', 'mirror', ...['vote', ...ANSWERS].flatMap((defence) => [defence, `${defence}+mirror`])];

const { values } = parseArgs({
  args: own,
  options: {
    views: { type: 'string', default: '7' },
    reach: { type: 'string', default: '24' },
    shift: { type: 'string', default: '0' },
    only: {
      type: 'string',
      default: 'none,mirror,vote,mean,most-confident,least-energy,vote+mirror,most-confident+mirror',
    },
    out: { type: 'string' },
  },
});
const [count, reach, shift] = [values.views, values.reach, values.shift].map(Number);
const names = values.only.split(',');
const [given, ...flags] = after;
const options = requestOf(flags);
if (
  given === undefined ||
  options === undefined ||
  !(count >= 2) ||
  !(reach > 0) ||
  !(shift >= 0) ||
  !names.every((name) => KNOWN.includes(name))
)
  throw misuse({
    code: 'usage',
    subject: 'test-time-defences',
    problem: `takes, after --, a model and options with their values; names are of ${KNOWN.join(', ')}.`,
    advice: 'npm run bench -- test-time-defences [--views 7] [--reach 24] [--shift PX] -- MODEL --data SOURCE',
  });
/** Views are made of what the file takes: where that is normalised already, the black around a turned image is not. */
const FEEDING = ['layout', 'scale', 'mean', 'std', 'per-image-standardization', 'bgr'];

const views =
  shift > 0
    ? [
        [0, 0],
        [shift, 0],
        [-shift, 0],
        [0, shift],
        [0, -shift],
      ].map(([tx, ty]) => ({ tx, ty, angle: 0 }))
    : turnedViews(count, reach);

const folder = values.out ?? (await mkdtemp(join(tmpdir(), 'gimbal-defences-')));
await mkdir(folder, { recursive: true });
try {
  const path = await modelPath(given);
  await requireRaw(path);
  for (const name of names) {
    const started = performance.now();
    const { attacks, evaluations } = await evaluate({
      examples: 0,
      landscapes: 0,
      attacks: ['natural', 'grid', 'strongest'],
      ...options,
      model: await fileOf(name, path),
      data: options.data,
      out: join(folder, name),
    });
    const parts = Object.entries(attacks).map(([attack, { accuracy, interval, n }]) => {
      const [low, high] = interval.map((share) => (100 * share).toFixed(1));
      const passes = (evaluations.byAttack[attack] / n).toFixed(0);
      return `${attack} ${(100 * accuracy).toFixed(1)} (${low} – ${high}), ${passes} passes`;
    });
    const seconds = (performance.now() - started) / 1000;
    console.log(`${name}: ${parts.join('; ')}; ${passesIn(name)} of the classifier in each; ${seconds.toFixed(0)} s`);
  }
} finally {
  if (values.out === undefined) await rm(folder, { recursive: true });
}

/** @throws misuse `raw-pixels` where the file takes other than raw pixels */
async function requireRaw(path: string): Promise<void> {
  const { description, preprocessing } = await loadModel(path);
  if (takesRawPixels(description, preprocessing) && !FEEDING.some((name) => name in options!)) return;
  throw misuse({
    code: 'raw-pixels',
    subject: given,
    problem: 'does not take raw pixels in [0, 1] as N×C×H×W.',
    advice: 'gimbal export MODEL --out FILE with its preprocessing options builds them in; give FILE without them.',
  });
}

/** The file of a defence, written unless it is the model as it is. */
async function fileOf(name: string, path: string): Promise<string> {
  if (name === 'none') return path;
  const [defence, mirror] = partsOf(name);
  const target = join(folder, `${name}.onnx`);
  if (defence === 'mirror' || defence === 'vote') {
    await exportModel({ model: path, mirror, vote: defence === 'vote' ? VOTES : undefined, out: target });
    return target;
  }
  const inside = mirror ? await fileOf('mirror', path) : path;
  const { model, graph, shape, output } = votable(await loadModel(inside), inside);
  await writeFile(target, writeModel({ ...model, graph: viewsGraph(graph, shape, output, views, defence) }));
  return target;
}

/** What a name says: the defence, and whether the classifier inside is mirrored. */
function partsOf(name: string): [defence: 'mirror' | 'vote' | Answer, mirror: boolean] {
  const [defence, ...rest] = name.split('+');
  return [defence as 'mirror' | 'vote' | Answer, defence === 'mirror' || rest.includes('mirror')];
}

function passesIn(name: string): number {
  if (name === 'none') return 1;
  const [defence, mirror] = partsOf(name);
  return (mirror ? 2 : 1) * (defence === 'vote' ? VOTES : defence === 'mirror' ? 1 : views.length);
}
