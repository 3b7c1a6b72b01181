import { relative } from 'node:path';
import type { ImageSource } from '../../data/source.ts';
import { GimbalError } from '../../errors/error.ts';
import type { ImageRecord } from '../../evaluation/records.ts';
import { openSource } from '../../node/data/open.ts';
import { encodeThumbnail } from '../../node/report/thumbnail.ts';
import { readRecords } from '../../node/run-folder/read-records.ts';
import { drawExamples } from '../../report/build-report.ts';
import { chooseExamples } from '../../report/choose-examples.ts';
import type { Contrast, Detail, StudyReport, TrainingRecord } from '../../report/study/study-report.ts';
import { partsOf, type MeasuredPart, type Study, type StudyRow } from '../../studies/study.ts';
import { createWarp } from '../../transform/warp.ts';
import { trainedOf } from './carry-out.ts';
import { joinRow, type Measured } from './measured.ts';
import { readPartResult } from './part-result.ts';
import { savedParts } from './saved.ts';
import { savedResult, savedTraining } from './shipped.ts';
import type { StudyRequest } from './study-request.ts';
import type { Trained } from './trained.ts';

/** What is known of a study. */
export interface Gathered {
  readonly report: StudyReport;
  /** Parts of which nothing is known. */
  readonly missing: readonly { readonly row: StudyRow; readonly part: MeasuredPart }[];
  /** What lies in the study's folder and is not part of it, a sentence each. */
  readonly leftOut: readonly string[];
}

interface Collected {
  readonly training: readonly (TrainingRecord & { readonly sha256: string })[];
  readonly measured: readonly Measured[];
  readonly leftOut: readonly string[];
}

/**
 * Reads everything that a study's folder and the shipped results hold. @returns `undefined` where nothing was measured
 */
export async function gatherStudy(request: StudyRequest, signal: AbortSignal): Promise<Gathered | undefined> {
  const { study, command } = request;
  const [shipped, here] = [await collectShipped(request), await collectRuns(request)];
  const rows = study.rows.map((row) => joinRow(row, shipped.measured, here.measured));
  const measured = rows.flatMap((row) => row.measured);
  if (measured.length === 0) return undefined;
  const [
    {
      result: {
        box,
        options: { grid, draws },
        data,
        gimbal,
      },
    },
  ] = measured;
  const contrasted = study.contrast && (await contrast(request, study.contrast, here.measured, signal));
  const report: StudyReport = {
    title: study.title,
    data: data.name,
    setting: { box, grid, draws },
    columns: study.columns,
    further: study.further,
    command,
    gimbal,
    rows: rows.flatMap(({ lines }) => lines),
    training: trainingRecords(shipped.training, here.training),
    ...contrasted,
    details: measured.map((one) => detail(request, one)),
  };
  return {
    report,
    missing: study.rows.flatMap((row) =>
      row.parts
        .filter((part) => !measured.some((one) => one.row === row && one.part === part))
        .map((part) => ({ row, part })),
    ),
    leftOut: here.leftOut,
  };
}

/** A model that came with the package was not trained here as well. */
function trainingRecords(shipped: Collected['training'], here: Collected['training']): TrainingRecord[] {
  const own = here.filter(({ sha256 }) => !shipped.some((other) => other.sha256 === sha256));
  return [...shipped, ...own].map(({ sha256: _, ...record }) => record);
}

async function collectShipped(request: StudyRequest): Promise<Collected> {
  const training: Collected['training'][number][] = [];
  const measured: Measured[] = [];
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
      if (result !== undefined) measured.push({ row, part, result });
    }
  }
  return { training, measured, leftOut: [] };
}

async function collectRuns(request: StudyRequest): Promise<Collected> {
  const training: Collected['training'][number][] = [];
  const measured: Measured[] = [];
  const leftOut: string[] = [];
  for (const classifier of request.study.classifiers) {
    const trained = await trainedOf(request, classifier).catch((error: unknown): undefined => leave(error, leftOut));
    if (trained === undefined) continue;
    const { seed, parameters, epochs, sha256 } = trained;
    training.push({ classifier: classifier.name, recipe: classifier.recipe, seed, parameters, epochs, sha256 });
    for (const { row, part } of partsOf(request.study, classifier)) {
      const runs = await runsOf(request, row, part, trained).catch((error: unknown): undefined =>
        leave(error, leftOut),
      );
      for (const run of runs ?? []) measured.push(run);
    }
  }
  return { training, measured, leftOut };
}

async function runsOf(request: StudyRequest, row: StudyRow, part: MeasuredPart, trained: Trained): Promise<Measured[]> {
  const saved = await savedParts(request, row, part, trained);
  return Promise.all(
    saved.map(async (run) => ({
      row,
      part,
      folder: run.folder,
      result: await readPartResult(run, request, row, part),
    })),
  );
}

/** What of a folder is told and left out. */
const LEFT_OUT: ReadonlySet<string> = new Set(['other-run', 'run-folder-damaged']);

/** One model of other settings, or one damaged run, must not hide all the others. */
function leave(error: unknown, leftOut: string[]): undefined {
  if (!(error instanceof GimbalError && LEFT_OUT.has(error.issue.code))) throw error;
  leftOut.push(error.message);
}

function detail({ out }: StudyRequest, { row, part, result, folder }: Measured): Detail {
  const { n, command, machine, seconds } = result;
  const title = `${row.title}: ${part.attacks.join(', ')} on ${n} images`;
  return folder === undefined
    ? { title, command, machine, seconds }
    : { title, path: `${relative(out, folder)}/report.html` };
}

/** Images of the runs that fool the one row and not the other, with the names of the classes. */
async function contrast(
  request: StudyRequest,
  { fooled, robust, attack, images }: NonNullable<Study['contrast']>,
  measured: readonly Measured[],
  signal: AbortSignal,
): Promise<{ readonly contrast?: Contrast; readonly classNames?: readonly string[] }> {
  const folderOf = (name: string): string | undefined =>
    measured.find(({ row, part }) => row.name === name && part.attacks.includes(attack))?.folder;
  const [weak, strong] = [folderOf(fooled), folderOf(robust)];
  if (weak === undefined || strong === undefined) return {};
  const withstood = new Set<number>();
  for await (const { index, attacks } of readRecords(strong)) if (attacks[attack]?.robust) withstood.add(index);
  const chosen = await chooseExamples(only(readRecords(weak), withstood), attack, images);
  const source: ImageSource = await openSource(request.data, { split: 'test', signal });
  try {
    const examples = await drawExamples(
      { source, warp: createWarp(source.shape), encode: encodeThumbnail },
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
