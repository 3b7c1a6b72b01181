import type { ImageSource } from '../../data/source.ts';
import { GimbalError } from '../../errors/error.ts';
import type { ImageRecord } from '../../evaluation/records.ts';
import { drawExamples } from '../../report/build-report.ts';
import { chooseExamples } from '../../report/choose-examples.ts';
import type { Contrast, Detail, StudyReport, TrainingRecord } from '../../report/study/study-report.ts';
import { partsOf, type StudyPart, type Study, type StudyRow } from '../../studies/study.ts';
import { createWarp } from '../../transform/warp.ts';
import { rowState, type Measurement } from './measurements.ts';
import { readPartResult } from './part-result.ts';
import { finishedRuns } from './finished-runs.ts';
import { savedResult, savedTraining } from './saved-results.ts';
import type { StudyRequest } from './study-request.ts';
import { type ClassifierFile, trainedModel } from './trained-model.ts';

/** Where a study stands. */
export interface StudyState {
  readonly report: StudyReport;
  /** Parts of which nothing is known. */
  readonly missing: readonly { readonly row: StudyRow; readonly part: StudyPart }[];
  /** What lies in the study's folder and is not part of it, a sentence each. */
  readonly leftOut: readonly string[];
}

interface Known {
  readonly training: readonly (TrainingRecord & { readonly sha256: string })[];
  readonly measurements: readonly Measurement[];
  readonly leftOut: readonly string[];
}

/**
 * Reads all finished runs in a study's folder, and the saved results. @returns `undefined` where nothing was measured
 */
export async function studyState(request: StudyRequest, signal?: AbortSignal): Promise<StudyState | undefined> {
  const { study, command } = request;
  const [saved, finished] = [await fromSavedResults(request), await fromFinishedRuns(request)];
  const rows = study.rows.map((row) => rowState(row, saved.measurements, finished.measurements));
  const measurements = rows.flatMap((row) => row.measurements);
  if (measurements.length === 0) return undefined;
  const [
    {
      result: {
        box,
        options: { grid, draws },
        data,
        gimbal,
      },
    },
  ] = measurements;
  const contrasted = study.contrast && (await contrast(request, study.contrast, finished.measurements, signal));
  const report: StudyReport = {
    title: study.title,
    data: data.name,
    setting: { box, grid, draws },
    columns: study.columns,
    further: study.further,
    command,
    gimbal,
    rows: rows.flatMap(({ lines }) => lines),
    training: trainingRecords(saved.training, finished.training),
    ...contrasted,
    details: measurements.map((one) => detail(request, one)),
  };
  return {
    report,
    missing: study.rows.flatMap((row) =>
      row.parts
        .filter((part) => !measurements.some((one) => one.row === row && one.part === part))
        .map((part) => ({ row, part })),
    ),
    leftOut: finished.leftOut,
  };
}

/** A model whose training is saved was not trained here as well. */
function trainingRecords(saved: Known['training'], finished: Known['training']): TrainingRecord[] {
  const own = finished.filter(({ sha256 }) => !saved.some((other) => other.sha256 === sha256));
  return [...saved, ...own].map(({ sha256: _, ...record }) => record);
}

async function fromSavedResults(request: StudyRequest): Promise<Known> {
  const training: Known['training'][number][] = [];
  const measurements: Measurement[] = [];
  for (const classifier of request.study.classifiers) {
    const saved = await savedTraining(request, classifier);
    if (saved === undefined) continue;
    const {
      recipe,
      seed,
      parameters,
      epochs,
      model: { sha256 },
    } = saved;
    training.push({ classifier: classifier.name, recipe, seed, parameters, epochs, sha256, shipped: true });
    for (const { row, part } of partsOf(request.study, classifier)) {
      const result = await savedResult(request, row, part, saved);
      if (result !== undefined) measurements.push({ row, part, result });
    }
  }
  return { training, measurements, leftOut: [] };
}

async function fromFinishedRuns(request: StudyRequest): Promise<Known> {
  const training: Known['training'][number][] = [];
  const measurements: Measurement[] = [];
  const leftOut: string[] = [];
  for (const classifier of request.study.classifiers) {
    const trained = await trainedModel(request, classifier).catch((error: unknown): undefined => leave(error, leftOut));
    if (trained === undefined) continue;
    const { seed, parameters, epochs, sha256 } = trained;
    training.push({ classifier: classifier.name, recipe: classifier.recipe, seed, parameters, epochs, sha256 });
    for (const { row, part } of partsOf(request.study, classifier)) {
      const runs = await runsOf(request, row, part, trained).catch((error: unknown): undefined =>
        leave(error, leftOut),
      );
      for (const run of runs ?? []) measurements.push(run);
    }
  }
  return { training, measurements, leftOut };
}

async function runsOf(
  request: StudyRequest,
  row: StudyRow,
  part: StudyPart,
  trained: ClassifierFile,
): Promise<Measurement[]> {
  const runs = await finishedRuns(request, row, part, trained);
  return Promise.all(
    runs.map(async (run) => ({
      row,
      part,
      folder: run.folder,
      result: await readPartResult(run, request, row, part),
    })),
  );
}

/** Faults of a folder that is named and left out. */
const LEFT_OUT: ReadonlySet<string> = new Set(['other-run', 'run-folder-damaged']);

/** One model of other settings, or one damaged run, must not hide all the others. */
function leave(error: unknown, leftOut: string[]): undefined {
  if (!(error instanceof GimbalError && LEFT_OUT.has(error.issue.code))) throw error;
  leftOut.push(error.message);
}

function detail({ platform }: StudyRequest, { row, part, result, folder }: Measurement): Detail {
  const { n, command, machine, seconds } = result;
  const title = `${row.title}: ${part.attacks.join(', ')} on ${n} images`;
  return folder === undefined
    ? { title, command, machine, seconds }
    : { title, path: `${[row.classifier, platform.files.nameOf(folder)].join('/')}/report.html` };
}

/** Images of the runs that fool the one row and not the other, with the names of the classes. */
async function contrast(
  request: StudyRequest,
  { fooled, robust, attack, images }: NonNullable<Study['contrast']>,
  measurements: readonly Measurement[],
  signal: AbortSignal | undefined,
): Promise<{ readonly contrast?: Contrast; readonly classNames?: readonly string[] }> {
  const { platform } = request;
  const folderOf = (name: string): string | undefined =>
    measurements.find(({ row, part }) => row.name === name && part.attacks.includes(attack))?.folder;
  const [weak, strong] = [folderOf(fooled), folderOf(robust)];
  if (weak === undefined || strong === undefined) return {};
  const withstood = new Set<number>();
  for await (const { index, attacks } of platform.runs.records(strong))
    if (attacks[attack]?.robust) withstood.add(index);
  const chosen = await chooseExamples(only(platform.runs.records(weak), withstood), attack, images);
  const source: ImageSource = await platform.images.open(request.data, { split: 'test', signal });
  try {
    const examples = await drawExamples(
      { source, warp: createWarp(source.shape), encode: platform.images.encode },
      attack,
      chosen,
    );
    return { contrast: { fooled, robust, attack, examples }, classNames: source.classNames };
  } finally {
    await source.close();
  }
}

async function* only(records: AsyncIterable<ImageRecord>, indices: ReadonlySet<number>): AsyncGenerator<ImageRecord> {
  for await (const record of records) if (indices.has(record.index)) yield record;
}
