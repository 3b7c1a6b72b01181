import { misuse } from '../../errors/error.ts';
import { didYouMean } from '../../errors/nearest.ts';
import type { ReproduceOptions } from '../../options/reproduce-options.ts';
import { cifar10Study } from '../../studies/cifar10.ts';
import { imagenetStudy } from '../../studies/imagenet.ts';
import { mnistStudy } from '../../studies/mnist.ts';
import type { Study } from '../../studies/study.ts';
import { type StudyState, studyState } from '../../applications/study/study-state.ts';
import { nodePlatform } from '../../node/platform.ts';
import { showStudy } from '../study/show-study.ts';
import { studyTable } from '../study/print-study.ts';
import { saveResults } from '../../applications/study/save-results.ts';
import { SAVED_RESULTS } from '../../node/saved-results.ts';
import type { StudyRequest } from '../../applications/study/study-request.ts';
import { adoptModels } from '../../applications/study/adopt-models.ts';
import { claimStudyFolder, writeStudy } from '../../applications/study/write-study.ts';
import { INTERRUPTED } from '../interrupt.ts';
import type { Terminal } from '../terminal.ts';

/** Options, with what has no fixed default filled in. */
export interface ReproduceFlags extends ReproduceOptions {
  readonly out: string;
  readonly threads: number;
}

const STUDIES: readonly Study[] = [mnistStudy, cifar10Study, imagenetStudy];
const ALL = 'all';

/**
 * @returns exit code
 * @throws misuse `unknown-table`, `unknown-row`, `missing-data`, `nothing-saved`, `nothing-shipped`
 */
export async function runReproduce(
  flags: ReproduceFlags,
  command: string,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const study = chosen(flags.table, 'table', STUDIES);
  flags.only.forEach((row) => chosen(row, 'row', [...study.classifiers, { name: ALL }]));
  const { data = study.data, out, limit, set: changes, threads, device, quiet } = flags;
  const { resize, crop, colour, pixelRange, exif, skipUnreadable, exclude, classNames, firstLabel, classesDiffer } =
    flags;
  const given = {
    ...(resize === undefined && crop === undefined ? study.geometry : { resize, crop }),
    colour,
    pixelRange,
    exif,
    skipUnreadable,
    exclude,
    classNames,
    firstLabel,
    classesDiffer,
  };
  const only = flags.only.includes(ALL) ? [] : flags.only;
  const asked: StudyRequest = {
    platform: nodePlatform,
    study,
    data,
    reading: given,
    out,
    results: SAVED_RESULTS,
    only,
    limit,
    changes,
    threads,
    device,
    quiet,
    command,
  };
  await claimStudyFolder(asked);
  const request = flags.shipped ? await measuringShipped(asked) : asked;
  const redoes = flags.shipped || (!flags.saved && !(study.onRequest === true && flags.only.length === 0));
  if (redoes) requireData(study, flags);
  if (redoes && !quiet)
    terminal.error(
      `${flags.shipped ? 'Measures what has no saved result' : `Trains and measures what is not in ${out}`} yet; ${printing(study)} prints what is saved.\n`,
    );
  if (redoes && !(await showStudy(request, terminal, signal))) {
    terminal.error(`Stopped. Everything so far is kept in ${out}; the same command goes on from there.\n`);
    return INTERRUPTED;
  }
  const state = await studyState(request, signal);
  if (state === undefined && study.rows.some(({ published = [] }) => published.length > 0)) {
    terminal.out(`${publishedTable(study, terminal)}\n`);
    if (!quiet) terminal.error(`Nothing of this table was measured yet. To train and measure: ${redoing(study)}.\n`);
    return 0;
  }
  if (state === undefined) {
    throw misuse({
      code: 'nothing-saved',
      subject: out,
      problem: 'holds no finished run of this table, and none came with Gimbal.',
      advice: `To train and measure: ${redoing(study)}.`,
    });
  }
  const path = await writeStudy(nodePlatform, out, state.report);
  terminal.out(
    `${studyTable(state.report, terminal.live ? terminal.columns : undefined)}\n${notes(state)}Report: ${path}\n`,
  );
  if (!redoes && !quiet)
    terminal.error(`Nothing was trained or measured: these are saved results. To redo them here: ${redoing(study)}.\n`);
  if (flags.saveResults !== undefined) {
    const written = await saveResults(request, flags.saveResults, flags.machine ?? nodePlatform.machine.describe());
    if (!quiet) terminal.error(`${written} ${written === 1 ? 'file' : 'files'} written to ${flags.saveResults}\n`);
  }
  return 0;
}

/** @throws misuse `missing-data` */
function requireData({ name, given }: Study, { data }: ReproduceFlags): void {
  if (given === undefined || data !== undefined) return;
  throw misuse({
    code: 'missing-data',
    subject: `table ${name}`,
    problem: 'its images cannot be downloaded, and --data does not say where they are.',
    advice: `Give --data FOLDER: ${given.what}.`,
  });
}

/** What others published, alone. */
function publishedTable({ columns, rows }: Study, terminal: Terminal): string {
  const published = rows.map((row) => ({ row, cells: new Map() }));
  return studyTable({ columns, rows: published }, terminal.live ? terminal.columns : undefined);
}

/** @throws misuse `nothing-shipped` */
async function measuringShipped(request: StudyRequest): Promise<StudyRequest> {
  const only = await adoptModels(request);
  if (only.length > 0) return { ...request, only, missingOnly: true };
  const { study, only: asked } = request;
  throw misuse({
    code: 'nothing-shipped',
    subject: asked.length === 0 ? `table ${study.name}` : `row ${asked.join(', ')}`,
    problem: 'no model of it comes with Gimbal.',
    advice: `To train and measure: ${redoing(study)}.`,
  });
}

function printing({ name, onRequest }: Study): string {
  return `gimbal reproduce ${name}${onRequest === true ? '' : ' --saved'}`;
}

function redoing({ name, onRequest, classifiers, given }: Study): string {
  const data = given === undefined ? '' : ' --data FOLDER';
  return `gimbal reproduce ${name}${data}${onRequest === true ? ` --only ${classifiers[0].name} (or another row, or --only ${ALL})` : ''}`;
}

/** What is not in the table: rows, or the attacks of a row, that were not measured. */
function notes({ missing, leftOut, report }: StudyState): string {
  const rows = new Set(missing.map(({ row }) => row));
  const named = [...rows].map((row) =>
    report.rows.some((measured) => measured.row === row)
      ? `${row.title} (${missing
          .filter((one) => one.row === row)
          .flatMap(({ part }) => part.attacks)
          .join(', ')})`
      : row.title,
  );
  return [
    ...(named.length === 0 ? [] : [`Not measured yet: ${named.join(', ')}`]),
    ...leftOut.map((reason) => `Left out: ${reason}`),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

function chosen<T extends { readonly name: string }>(name: string, what: string, among: readonly T[]): T {
  const found = among.find((candidate) => candidate.name === name);
  if (found !== undefined) return found;
  const names = among.map((candidate) => candidate.name);
  throw misuse({
    code: `unknown-${what}`,
    subject: `${what} ${name}`,
    problem: `there is none of that name; there are ${names.join(', ')}.${didYouMean(name, names)}`,
  });
}
