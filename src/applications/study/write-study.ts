import { z } from 'zod';
import type { Files } from '../../ports/files.ts';
import { readJsonIfThere } from '../../ports/read-json.ts';
import { type Made, madeOf } from '../../report/made.ts';
import { claimMarkedFolder, type Marker, writeMarker } from '../marked-folder.ts';
import { renderStudyHtml } from '../../report/study/render-study-html.ts';
import { renderStudyMarkdown } from '../../report/study/render-study-markdown.ts';
import { studyFalls } from '../../report/study/study-falls.ts';
import type { StudyReport } from '../../report/study/study-report.ts';
import type { Platform } from '../platform.ts';
import type { StudyRequest } from './study-request.ts';
import { optionWords } from '../../errors/option-words.ts';

const MARKER: Marker = {
  kind: 'study',
  format: 1,
  file: 'study.json',
  what: 'a study',
  isOld: ({ title, rows, training }) => [title, rows, training].every((part) => part !== undefined),
};

/**
 * Makes the folder of a study, or takes one.
 * @throws misuse `output-is-input`, `output-not-writable`, `folder-in-other-use`
 */
export async function claimStudyFolder({ platform, out, study, data }: StudyRequest): Promise<void> {
  const names = new Set(study.classifiers.map(({ name }) => name));
  // Version 0.1.0 wrote study.json at the end alone.
  const isUnmarked = async (held: ReadonlySet<string>): Promise<boolean> => [...held].every((name) => names.has(name));
  await claimMarkedFolder(platform, out, { ...MARKER, isUnmarked }, [{ what: 'the data', path: data }]);
  const { files } = platform;
  if ((await files.kindOf(files.join(out, MARKER.file))) === undefined)
    await writeMarker(files, out, MARKER, { ...(await platform.machine.origin()), title: study.title, rows: [] });
}

/**
 * Writes `report.html`, `report.md`, `study.json` and, of many classifiers, `falls.svg` into a study's folder.
 * @returns path of the report
 */
export async function writeStudy(
  { files, figures, machine }: Pick<Platform, 'files' | 'figures' | 'machine'>,
  folder: string,
  report: StudyReport,
): Promise<string> {
  const document = figures();
  await files.makeFolder(folder);
  const made = { ...(await begunWith(files, folder)), machine: machine.describe() };
  const path = files.join(folder, 'report.html');
  await files.write(path, renderStudyHtml({ ...report, made }, document));
  await files.write(files.join(folder, 'report.md'), renderStudyMarkdown(report));
  const falls = studyFalls(report, document, { standalone: true });
  if (falls !== undefined) await files.write(files.join(folder, 'falls.svg'), falls);
  await writeMarker(files, folder, MARKER, { ...made, ...studyJson(report) });
  return path;
}

/** When the folder's study was begun. */
async function begunWith(files: Files, folder: string): Promise<Pick<Made, 'begun'>> {
  const damaged = {
    code: 'folder-in-other-use',
    advice: `Choose another ${optionWords('out')}, or move that file away.`,
  };
  const marker = await readJsonIfThere(files, files.join(folder, MARKER.file), z.looseObject({}), damaged);
  const { begun } = madeOf(marker ?? {});
  return begun === undefined ? {} : { begun };
}

/** What was measured and how it was trained, for programs. */
function studyJson({ title, data, rows, training, command, gimbal }: StudyReport): object {
  return {
    title,
    data,
    command,
    gimbal,
    rows: rows.map(({ row, cells, shipped }) => ({
      name: row.name,
      title: row.title,
      classifier: row.classifier,
      mirror: row.mirror,
      vote: row.vote,
      shipped,
      attacks: Object.fromEntries(cells),
      published: row.published,
    })),
    training: training.map(({ epochs, ...rest }) => ({
      ...rest,
      epochs: epochs.length,
      seconds: epochs.reduce((sum, { seconds }) => sum + seconds, 0),
      last: epochs.at(-1),
    })),
  };
}
