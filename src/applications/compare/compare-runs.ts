import { misuse } from '../../errors/error.ts';
import { optionWords } from '../../errors/option-words.ts';
import type { EvaluationResult } from '../../evaluation/records.ts';
import { tallyShared } from '../../evaluation/tally-shared.ts';
import { type Json, toJson } from '../../json/differences.ts';
import { pairedDifference } from '../../statistics/paired-difference.ts';
import { madeOf } from '../../report/made.ts';
import { renderRunsHtml } from '../../report/runs/render-runs-html.ts';
import { renderRunsMarkdown } from '../../report/runs/render-runs-markdown.ts';
import type { ComparedRuns, RunsReport } from '../../report/runs/runs-report.ts';
import { type ComparedRun, refuseOtherData, sideOf } from '../difference/difference.ts';
import { readRun } from '../difference/read-run.ts';
import { measuredOtherwise } from '../evaluate/configuration.ts';
import { readResult } from '../evaluate/run-files.ts';
import { claimMarkedFolder, writeMarker } from '../marked-folder.ts';
import type { Platform } from '../platform.ts';
import { COMPARISON } from './comparison-folder.ts';
import { distinctNames } from './distinct-names.ts';
import { formatCount } from '../../notation/numbers.ts';

interface CompareRequest {
  readonly folders: readonly string[];
  /** Takes `report.html`, `report.md` and `comparison.json`. */
  readonly out: string;
  /** How to repeat it. */
  readonly command: string;
}

/**
 * Sets runs on the same data side by side, on the images that all of them hold. Nothing is evaluated.
 * @throws misuse `too-few-runs`, `run-twice`, `not-a-run-folder`, `run-folder-damaged`, `other-data`,
 *   `nothing-to-compare`, and as `Folders.claim`
 */
export async function compareRuns(platform: Platform, { folders, out, command }: CompareRequest): Promise<RunsReport> {
  const { files } = platform;
  refuseFew(folders);
  const runs: ComparedRun[] = [];
  for (const folder of folders) runs.push(await readRun(platform, folder));
  for (const run of runs) refuseOtherData(runs[0], run);
  await claimMarkedFolder(
    platform,
    out,
    COMPARISON,
    folders.map((path) => ({ what: 'a run that is compared', path })),
  );
  const origin = await platform.machine.origin();
  const report = { ...(await sideBySide(platform, runs, command)), made: madeOf({ ...origin }) };
  await writeMarker(files, out, COMPARISON, { ...origin, ...comparisonOf(report) });
  await files.write(files.join(out, 'report.md'), renderRunsMarkdown(report));
  await files.write(files.join(out, 'report.html'), renderRunsHtml(report, platform.figures()));
  return report;
}

function refuseFew(folders: readonly string[]): void {
  const twice = folders.find((folder, i) => folders.indexOf(folder) < i);
  if (folders.length > 1 && twice === undefined) return;
  throw misuse(
    twice === undefined
      ? {
          code: 'too-few-runs',
          subject: 'MODEL|RUN',
          problem: 'is one run.',
          advice: 'Name another run folder of the same data beside it.',
        }
      : { code: 'run-twice', subject: twice, problem: 'is named twice.', advice: 'Name each run once.' },
  );
}

async function sideBySide(platform: Platform, runs: readonly ComparedRun[], command: string): Promise<RunsReport> {
  const results: (EvaluationResult | undefined)[] = [];
  for (const { folder } of runs) results.push(await readResult(platform.files, folder));
  const {
    images,
    leftOut,
    runs: tallies,
  } = await tallyShared(
    runs.map(({ records, config }, i) => ({
      records: records(),
      tolerance: results[i]?.tolerance,
      own: config.ownAttacks,
    })),
  );
  if (images === 0)
    throw misuse({
      code: 'nothing-to-compare',
      subject: runs[0].folder,
      problem: `has no image that all of the others hold (${runs
        .slice(1)
        .map(({ folder }) => folder)
        .join(', ')}).`,
      advice:
        `Compare runs with the same ${optionWords('limit')}, ${optionWords('offset')} and ` +
        `${optionWords('spread')}, or such as overlap.`,
    });
  const sides = runs.map(sideOf);
  const names = distinctNames(sides);
  const { classNames } = runs[0].config.data;
  return {
    gimbal: platform.machine.version,
    command,
    data: sides[0].data.name,
    images,
    classNames,
    runs: runs.map((run, i): ComparedRuns => ({
      name: names[i],
      folder: run.folder,
      made: madeOf(run.config),
      leftOut: leftOut[i],
      tally: tallies[i],
      differences: new Map(
        Array.from(tallies[i].withFirst, ([attack, counts]) => [attack, { ...counts, ...pairedDifference(counts) }]),
      ),
    })),
    notes: [
      ...leftOut.flatMap((left, i) => (left > 0 ? [leftOutOf(names[i], left)] : [])),
      ...results.flatMap((result, i) => (result === undefined ? [`${names[i]} is not finished.`] : [])),
      ...runs.slice(1).flatMap((run, i) => {
        const others = measuredOtherwise(runs[0].config, run.config, [`in ${names[0]}`, `in ${names[i + 1]}`]);
        return others.map((other) => `Measured otherwise: ${other}.`);
      }),
    ],
  };
}

function leftOutOf(name: string, images: number): string {
  return images === 1
    ? `1 image of ${name} is left out: not all runs hold it.`
    : `${formatCount(images)} images of ${name} are left out: not all runs hold them.`;
}

/** For programs. */
function comparisonOf({ command, data, images, notes, runs }: RunsReport): { readonly [key: string]: Json } {
  return {
    command,
    data,
    images,
    notes,
    runs: runs.map(({ name, folder, leftOut, tally, differences }) =>
      toJson({
        name,
        folder,
        leftOut,
        attacks: Object.fromEntries(tally.attacks),
        differenceToFirst: Object.fromEntries(differences),
        tolerance: Object.fromEntries(Array.from(tally.survival, ([attack, { survival }]) => [attack, survival])),
        classes: Object.fromEntries(
          Array.from(tally.classes, ([attack, classes]) => [attack, Object.fromEntries(classes)]),
        ),
      }),
    ),
  };
}
