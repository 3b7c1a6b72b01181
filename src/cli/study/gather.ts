import { relative } from 'node:path';
import type { ImageSource } from '../../data/source.ts';
import type { ImageRecord } from '../../evaluation/records.ts';
import { openSource } from '../../node/data/open.ts';
import { encodeThumbnail } from '../../node/report/thumbnail.ts';
import { readRecords } from '../../node/run-folder/read-records.ts';
import { attackSettings } from '../../options/attack-settings.ts';
import { drawExamples } from '../../report/build-report.ts';
import { chooseExamples } from '../../report/choose-examples.ts';
import type { Contrast, StudyReport, TrainingRecord } from '../../report/study/study-report.ts';
import { joinParts, type MeasuredPart, type Study, type StudyRow } from '../../studies/study.ts';
import { createWarp } from '../../transform/warp.ts';
import { trainedOf } from './carry-out.ts';
import { type SavedPart, savedParts } from './saved.ts';
import { partOptions, type StudyRequest } from './study-request.ts';
import type { Trained } from './trained.ts';

/** What is saved of a study. */
export interface Gathered {
  readonly report: StudyReport;
  /** Rows of which nothing is saved. */
  readonly missing: readonly StudyRow[];
}

/** Reads everything that a study's folder holds. @returns `undefined` where nothing was measured */
export async function gatherStudy(request: StudyRequest, signal: AbortSignal): Promise<Gathered | undefined> {
  const { study, out, command } = request;
  const measured: { readonly row: StudyRow; readonly part: MeasuredPart; readonly trained: Trained; readonly saved: SavedPart }[] = [];
  const training: TrainingRecord[] = [];
  for (const classifier of study.classifiers) {
    const trained = await trainedOf(request, classifier);
    if (trained === undefined) continue;
    const { seed, parameters, epochs } = trained;
    training.push({ classifier: classifier.name, recipe: classifier.recipe, seed, parameters, epochs });
    for (const row of study.rows.filter((candidate) => candidate.classifier === classifier.name)) {
      for (const part of row.parts) {
        measured.push(...(await savedParts(request, row, part, trained)).map((saved) => ({ row, part, trained, saved })));
      }
    }
  }
  if (measured.length === 0) return undefined;
  const rows = study.rows
    .map((row) => joinParts(row, measured.filter((one) => one.row === row).map(({ saved }) => saved.result.attacks)))
    .filter(({ cells }) => cells.size > 0);
  const source = await openSource(request.data, { split: 'test', signal });
  try {
    const [{ row, part, trained, saved: { result } }] = measured;
    const { box, grid, draws } = attackSettings(partOptions(request, row, part, trained.path), source.shape);
    const contrasted = study.contrast && (await contrast(study.contrast, measured, source));
    const report: StudyReport = {
      title: study.title, data: result.data.name, setting: { box, grid, draws }, columns: study.columns, rows, training, command,
      ...(contrasted === undefined ? {} : { contrast: contrasted }),
      classNames: source.classNames,
      details: measured.map(({ row: { title }, part: { attacks }, saved }) => ({ title: `${title}: ${attacks.join(', ')} on ${saved.result.n} images`, path: `${relative(out, saved.folder)}/report.html` })),
      gimbal: result.gimbal,
    };
    return { report, missing: study.rows.filter((candidate) => !rows.some((present) => present.row === candidate)) };
  } finally {
    await source.close();
  }
}

/** Images of the runs that fool the one row and not the other. */
async function contrast(
  { fooled, robust, attack, images }: NonNullable<Study['contrast']>, measured: readonly { readonly row: StudyRow; readonly part: MeasuredPart; readonly saved: SavedPart }[], source: ImageSource,
): Promise<Contrast | undefined> {
  const folderOf = (name: string): string | undefined => measured.find(({ row, part }) => row.name === name && part.attacks.includes(attack))?.saved.folder;
  const [weak, strong] = [folderOf(fooled), folderOf(robust)];
  if (weak === undefined || strong === undefined) return undefined;
  const withstood = new Set<number>();
  for await (const { index, attacks } of readRecords(strong)) if (attacks[attack]?.robust) withstood.add(index);
  const chosen = await chooseExamples(only(readRecords(weak), withstood), attack, images);
  return { fooled, robust, attack, examples: await drawExamples({ source, warp: createWarp(source.shape), encode: encodeThumbnail }, attack, chosen) };
}

async function* only(records: AsyncIterable<ImageRecord>, indices: ReadonlySet<number>): AsyncGenerator<ImageRecord> {
  for await (const record of records) if (indices.has(record.index)) yield record;
}
