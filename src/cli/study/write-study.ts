import { join } from 'node:path';
import { parseHTML } from 'linkedom';
import type { FigureDocument } from '../../figures/frame.ts';
import { makeFolder } from '../../node/run-folder/make-folder.ts';
import { toText } from '../../node/run-folder/run-folder.ts';
import { writeAtomically } from '../../node/run-folder/write-atomically.ts';
import { renderStudyHtml } from '../../report/study/render-study-html.ts';
import { renderStudyMarkdown } from '../../report/study/render-study-markdown.ts';
import { studyFalls } from '../../report/study/study-falls.ts';
import type { StudyReport } from '../../report/study/study-report.ts';
import { thisMachine } from './machine.ts';

/**
 * Writes `report.html`, `report.md`, `study.json` and, of many classifiers, `falls.svg` into a study's folder. @returns
 * path of the report
 */
export async function writeStudy(folder: string, report: StudyReport): Promise<string> {
  const { document } = parseHTML('<!doctype html><html></html>') as unknown as { document: FigureDocument };
  await makeFolder(folder);
  const path = join(folder, 'report.html');
  await writeAtomically(path, renderStudyHtml(report, document));
  await writeAtomically(join(folder, 'report.md'), renderStudyMarkdown(report));
  const falls = studyFalls(report, document, { standalone: true });
  if (falls !== undefined) await writeAtomically(join(folder, 'falls.svg'), falls);
  await writeAtomically(join(folder, 'study.json'), toText(studyJson(report)));
  return path;
}

/** What was measured and how it was trained, for programs. */
function studyJson({ title, data, rows, training, command, gimbal }: StudyReport): object {
  return {
    title,
    data,
    command,
    gimbal,
    machine: thisMachine(),
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
