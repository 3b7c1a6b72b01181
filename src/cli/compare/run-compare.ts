import { join } from 'node:path';
import { compareRuns } from '../../applications/compare/compare-runs.ts';
import { isRunFolder } from '../../applications/evaluate/run-files.ts';
import { misuse } from '../../errors/error.ts';
import { visible } from '../../errors/visible.ts';
import { formatPoints } from '../../figures/format.ts';
import { nodePlatform } from '../../node/platform.ts';
import type { CompareOptions } from '../../options/compare-options.ts';
import { attacksOf, type RunsReport } from '../../report/runs/runs-report.ts';
import { count } from '../format.ts';
import { textTable } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { compareModels } from './compare-models.ts';

/** Compares runs where one is named, else models. @returns exit code */
export async function runCompare(
  options: CompareOptions,
  command: string,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const { compared, data, out, quiet } = options;
  const areRuns = await Promise.all(compared.map((path) => isRunFolder(nodePlatform.files, path)));
  if (areRuns.includes(true)) {
    const report = await compareRuns(nodePlatform, { folders: compared, out, command });
    if (!quiet) terminal.out(describe(report, out));
    return 0;
  }
  if (compared.length !== 2) {
    throw misuse({
      code: 'missing-option',
      subject: 'MODEL|RUN',
      problem: `takes two models, or two and more run folders; ${compared.length === 1 ? 'one is' : `${compared.length} are`} given, and none of them is the folder of a run.`,
      advice: 'Name two models with --data SOURCE, or the folders that gimbal evaluate wrote.',
    });
  }
  if (data === undefined) {
    throw misuse({
      code: 'missing-option',
      subject: '--data SOURCE',
      problem: 'is missing.',
      advice: 'Models are compared on images: whatever gimbal evaluate takes.',
    });
  }
  return compareModels({ ...options, data }, terminal, signal);
}

function describe(report: RunsReport, out: string): string {
  const attacks = attacksOf(report);
  const rows = report.runs.map(({ name, tally }) => [
    name,
    ...attacks.map((attack) => {
      const rate = tally.attacks.get(attack);
      return rate === undefined ? '–' : formatPoints(rate.accuracy);
    }),
  ]);
  return [
    `${count(report.runs.length)} runs on ${visible(report.data)}, ${count(report.images)} images that all hold`,
    '',
    textTable(['accuracy %', ...attacks], rows),
    '',
    ...report.notes.map(visible),
    `Report: ${visible(join(out, 'report.html'))}`,
    '',
  ].join('\n');
}
