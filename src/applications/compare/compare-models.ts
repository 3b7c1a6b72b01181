import { overClasses } from '../../data/over-classes.ts';
import { misuse } from '../../errors/error.ts';
import { optionWords } from '../../errors/option-words.ts';
import { measureLandscape, type Landscape } from '../../evaluation/landscape.ts';
import { landscapesCompared } from '../../figures/landscapes-compared.ts';
import { type CompareOptions, compareSchema } from '../../options/compare-options.ts';
import { type EvaluateOptions, evaluateSchema } from '../../options/evaluate-options.ts';
import { madeOf } from '../../report/made.ts';
import { type ModelsReport, rowsOf } from '../../report/models/models-report.ts';
import { renderModelsHtml } from '../../report/models/render-models-html.ts';
import { renderModelsMarkdown } from '../../report/models/render-models-markdown.ts';
import { optionEntries } from '../../settings/option.ts';
import { startRunClassifier } from '../evaluate/classifier.ts';
import type { EvaluationEvent } from '../evaluate/evaluation-event.ts';
import { type Run, withRun } from '../evaluate/run.ts';
import { claimMarkedFolder, writeMarker } from '../marked-folder.ts';
import type { Platform } from '../platform.ts';
import { COMPARISON } from './comparison-folder.ts';
import { meanLandscape } from './mean-landscape.ts';

/** What comparing two models tells its listeners. */
export type CompareEvent =
  | EvaluationEvent
  /** The landscape of one more image was measured. */
  | { readonly kind: 'landscape'; readonly classifier: string; readonly done: number; readonly total: number };

/** What may be of use while models are compared. */
export interface CompareHooks {
  /** How to repeat it, for people. */
  readonly command: string;
  readonly onEvent?: (event: CompareEvent) => void;
  /** Stops it; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

interface Measured {
  readonly classifier: string;
  readonly data: string;
  readonly positions: readonly number[];
  readonly landscapes: readonly Landscape[];
  readonly classNames?: readonly string[];
}

/**
 * Measures the loss landscapes of two classifiers for the same images, and writes the figures and a page of them.
 * @throws misuse `missing-option` where there are not two models, or no data; what opening models, data and folders
 *   throws
 */
export async function compareModels(
  platform: Platform,
  options: CompareOptions,
  { command, onEvent, signal }: CompareHooks,
): Promise<ModelsReport> {
  const { files, figures, machine } = platform;
  const { compared: models, out } = options;
  const asked = { ...options, data: requireModels(options) };
  const names = models.map((model) => files.nameOf(model).replace(/\.onnx$/i, ''));
  const told = names[0] === names[1] ? models : names;
  await claimMarkedFolder(platform, out, COMPARISON, [
    ...models.map((path) => ({ what: 'a model', path })),
    { what: 'the data', path: asked.data },
  ]);
  const origin = await machine.origin();
  await writeMarker(files, out, COMPARISON, { ...origin, options });
  const once = tellingOnce(onEvent);
  const measured: Measured[] = [];
  for (const [i, model] of models.entries())
    measured.push(
      await withRun(platform, optionsOf(model, asked), { signal, goesOn: true, onEvent: once }, (run) =>
        measureAll(run, told[i], measured[0]?.positions ?? options, once, signal),
      ),
    );
  const report: ModelsReport = { ...gather(measured), command, gimbal: machine.version, made: madeOf({ ...origin }) };
  const document = figures();
  for (const { file, name, landscapes } of report.landscapes)
    await files.write(files.join(out, file), landscapesCompared(document, name, landscapes, { standalone: true }));
  await files.write(files.join(out, 'report.html'), renderModelsHtml(report, document));
  await files.write(files.join(out, 'report.md'), renderModelsMarkdown(report));
  await writeMarker(files, out, COMPARISON, { ...origin, command, options, rows: rowsOf(report) });
  return report;
}

/** @returns where the images are */
function requireModels({ compared, data }: CompareOptions): string {
  if (compared.length !== 2)
    throw misuse({
      code: 'missing-option',
      subject: 'MODEL|RUN',
      problem:
        'takes two models, or two and more run folders; ' +
        `${compared.length === 1 ? 'one is' : `${compared.length} are`} given, and none of them is the folder of ` +
        'a run.',
      advice: `Name two models with ${optionWords('data', 'SOURCE')}, or the folders that gimbal evaluate wrote.`,
    });
  if (data === undefined)
    throw misuse({
      code: 'missing-option',
      subject: optionWords('data', 'SOURCE'),
      problem: 'is missing.',
      advice: 'Models are compared on images: whatever gimbal evaluate takes.',
    });
  return data;
}

/** Both models read the same images: what is said of these is said once. */
function tellingOnce(onEvent: CompareHooks['onEvent']): (event: CompareEvent) => void {
  const said = new Set<string>();
  return (event) => {
    if (event.kind === 'note' || event.kind === 'warning') {
      if (said.has(event.text)) return;
      said.add(event.text);
    }
    onEvent?.(event);
  };
}

/** Images are chosen among all that the options leave, so their number is not a limit of the source. */
function optionsOf(model: string, options: CompareOptions & { readonly data: string }): EvaluateOptions {
  const shared = optionEntries(compareSchema).filter(({ key }) => key in evaluateSchema.shape);
  return {
    ...evaluateSchema.parse({ model, data: options.data }),
    ...Object.fromEntries(shared.map(({ key }) => [key, options[key as keyof CompareOptions]])),
    model,
    limit: options.spread ? countOf(options) : undefined,
  };
}

function countOf({ images, limit }: Pick<CompareOptions, 'images' | 'limit'>): number {
  return images ?? limit;
}

/** @param chosen positions of the images, or how to choose them */
async function measureAll(
  run: Run,
  classifier: string,
  chosen: readonly number[] | Pick<CompareOptions, 'images' | 'limit'>,
  onEvent: (event: CompareEvent) => void,
  signal: AbortSignal | undefined,
): Promise<Measured> {
  const {
    source,
    warnings,
    settings: { box },
  } = run;
  source.notes?.forEach((text) => onEvent({ kind: 'note', text }));
  warnings.forEach((text) => onEvent({ kind: 'warning', text }));
  const positions = 'limit' in chosen ? await overClasses(source, countOf(chosen)) : chosen;
  const started = await startRunClassifier(run, signal);
  const landscapes: Landscape[] = [];
  try {
    for (const position of positions) {
      for (const image of await source.read([position])) {
        signal?.throwIfAborted();
        landscapes.push(await measureLandscape(started, { ...image, shape: source.shape }, box, { signal }));
        onEvent({ kind: 'landscape', classifier, done: landscapes.length, total: positions.length });
      }
    }
  } finally {
    await started.close();
  }
  return { classifier, data: source.name, positions, landscapes, classNames: source.classNames };
}

function gather(measured: readonly Measured[]): Pick<ModelsReport, 'models' | 'data' | 'landscapes'> {
  const [{ landscapes: first, classNames, data }] = measured;
  const each = first.map(({ index, label }, i) => ({
    file: `landscape-${index}.svg`,
    name: `image ${index} (${classNames?.[label] ?? `class ${label}`})`,
    landscapes: measured.map(({ classifier, landscapes }) => ({ classifier, ...landscapes[i] })),
  }));
  const mean = {
    file: 'landscape-mean.svg',
    name: `mean of ${first.length} images`,
    landscapes: measured.map(({ classifier, landscapes }) => ({ classifier, ...meanLandscape(landscapes) })),
  };
  return {
    models: measured.map(({ classifier }) => classifier),
    data,
    landscapes: first.length > 1 ? [...each, mean] : each,
  };
}
