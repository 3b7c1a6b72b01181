import { basename, join } from 'node:path';
import { parseHTML } from 'linkedom';
import { visible } from '../../errors/visible.ts';
import { type Landscape, measureLandscape } from '../../evaluation/landscape.ts';
import { formatLoss, formatPoints } from '../../figures/format.ts';
import type { FigureDocument } from '../../figures/frame.ts';
import { type ClassifierLandscape, landscapesCompared } from '../../figures/landscapes-compared.ts';
import { startRunClassifier } from '../../applications/evaluate/classifier.ts';
import { type Run, withRun } from '../../applications/evaluate/run.ts';
import { origin } from '../../node/machine/origin.ts';
import { COMPARISON } from '../../applications/compare/comparison-folder.ts';
import { claimMarkedFolder, writeMarker } from '../../applications/marked-folder.ts';
import { nodePlatform } from '../../node/platform.ts';
import { writeAtomically } from '../../node/output/write-atomically.ts';
import { compareSchema, type CompareOptions } from '../../options/compare-options.ts';
import { type EvaluateOptions, evaluateSchema } from '../../options/evaluate-options.ts';
import { optionEntries } from '../../settings/option.ts';
import { className } from '../../report/words.ts';
import { INTERRUPTED } from '../interrupt.ts';
import { textTable } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { meanLandscape } from './mean-landscape.ts';
import { largestOf } from '../../statistics/extremes.ts';

interface Measured {
  readonly classifier: string;
  readonly landscapes: readonly Landscape[];
  readonly classNames?: readonly string[];
}

/** Two models, and the images on which they are compared. */
export type ModelComparison = CompareOptions & { readonly data: string };

/** Measures, draws and tells the landscapes of two classifiers. @returns exit code */
export async function compareModels(
  options: ModelComparison,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const { compared: models, out, quiet } = options;
  const names = models.map((model) => basename(model).replace(/\.onnx$/i, ''));
  const told = names[0] === names[1] ? models : names;
  await claimMarkedFolder(nodePlatform, out, COMPARISON, [
    ...models.map((path) => ({ what: 'a model', path })),
    { what: 'the data', path: options.data },
  ]);
  await writeMarker(nodePlatform.files, out, COMPARISON, { ...(await origin()), options });
  const measured: Measured[] = [];
  for (const [i, model] of models.entries()) {
    const one = await withRun(nodePlatform, optionsOf(model, options), { signal }, (run) =>
      measureAll(run, told[i], quiet ? undefined : terminal, signal),
    );
    if (one === undefined) return INTERRUPTED;
    measured.push(one);
  }
  const [{ landscapes: first, classNames }] = measured;
  const { document } = parseHTML('<!doctype html><html></html>') as unknown as { document: FigureDocument };
  const rows: string[][] = [];
  const draw = async (file: string, name: string, compared: readonly ClassifierLandscape[]): Promise<void> => {
    await writeAtomically(join(out, file), landscapesCompared(document, name, compared));
    for (const landscape of compared) rows.push(row(name, landscape));
  };
  for (const [i, { index, label }] of first.entries()) {
    await draw(
      `landscape-${index}.svg`,
      `image ${index} (${className(label, classNames)})`,
      measured.map(({ classifier, landscapes }) => ({ classifier, ...landscapes[i] })),
    );
  }
  if (first.length > 1)
    await draw(
      'landscape-mean.svg',
      `mean of ${first.length} images`,
      measured.map(({ classifier, landscapes }) => ({ classifier, ...meanLandscape(landscapes) })),
    );
  if (!quiet) {
    terminal.out(
      `${textTable(['landscape', 'classifier', 'loss as it is', 'highest loss', 'wrong at %'], rows)}\nFigures: ` +
        `${join(out, 'landscape-*.svg')}\n`,
    );
  }
  return 0;
}

function optionsOf(model: string, options: ModelComparison): EvaluateOptions {
  const { images, limit } = options;
  const shared = optionEntries(compareSchema).filter(({ key }) => key in evaluateSchema.shape);
  return {
    ...evaluateSchema.parse({ model, data: options.data }),
    ...Object.fromEntries(shared.map(({ key }) => [key, options[key as keyof CompareOptions]])),
    model,
    limit: images ?? limit,
  };
}

/** @returns `undefined` where it was asked to stop */
async function measureAll(
  run: Run,
  classifier: string,
  terminal: Terminal | undefined,
  signal: AbortSignal,
): Promise<Measured | undefined> {
  const {
    source,
    settings: { box },
  } = run;
  source.notes?.forEach((note) => terminal?.error(`${visible(note)}\n`));
  const started = await startRunClassifier(run, signal);
  const landscapes: Landscape[] = [];
  try {
    for (let position = 0; position < source.length; position++) {
      for (const image of await source.read([position])) {
        if (signal.aborted) return undefined;
        landscapes.push(await measureLandscape(started, { ...image, shape: source.shape }, box));
        terminal?.error(`${classifier}: ${landscapes.length} of ${source.length} images\n`);
      }
    }
  } finally {
    await started.close();
  }
  return { classifier, landscapes, classNames: source.classNames };
}

/** The grid of a landscape has the image as it is in its middle. */
function row(name: string, { classifier, loss, correct }: ClassifierLandscape): string[] {
  const values = Array.from(loss);
  const wrong = 1 - Array.from(correct).reduce((sum, right) => sum + right, 0) / values.length;
  return [
    name,
    classifier,
    formatLoss(values[(values.length - 1) / 2]),
    formatLoss(largestOf(values)),
    formatPoints(wrong, 1),
  ];
}
