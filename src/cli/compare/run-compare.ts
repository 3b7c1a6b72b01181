import { join } from 'node:path';
import { compareAny } from '../../applications/compare/compare.ts';
import type { CompareEvent } from '../../applications/compare/compare-models.ts';
import { visible } from '../../errors/visible.ts';
import { nodePlatform } from '../../node/platform.ts';
import type { CompareOptions } from '../../options/compare-options.ts';
import { type ModelsReport, rowsOf, uneventful } from '../../report/models/models-report.ts';
import { attacksOf, type RunsReport } from '../../report/runs/runs-report.ts';
import { evaluationDisplay } from '../evaluate/evaluation-display.ts';
import { INTERRUPTED } from '../interrupt.ts';
import { textTable } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { formatCount, formatLoss, formatPoints } from '../../notation/numbers.ts';

/** Compares runs where one is named, else models. @returns exit code */
export async function runCompare(
  options: CompareOptions,
  command: string,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const { out, quiet } = options;
  const display = evaluationDisplay(terminal, quiet);
  const onEvent = (event: CompareEvent): void => {
    if (event.kind !== 'landscape') display.listener(event);
    else if (!quiet) terminal.error(`${visible(event.classifier)}: ${event.done} of ${event.total} images\n`);
  };
  try {
    const { kind, report } = await compareAny(nodePlatform, options, { command, signal, onEvent });
    if (!quiet) terminal.out(kind === 'runs' ? describeRuns(report, out) : describeModels(report, out));
    return 0;
  } catch (error) {
    if (signal.aborted && (error as Error | undefined)?.name === 'AbortError') return INTERRUPTED;
    throw error;
  } finally {
    display.end();
  }
}

function describeModels(report: ModelsReport, out: string): string {
  const rows = rowsOf(report).map(({ landscape, classifier, lossAsItIs, highestLoss, wrong }) => [
    landscape,
    classifier,
    formatLoss(lossAsItIs),
    formatLoss(highestLoss),
    formatPoints(wrong, 1),
  ]);
  return [
    textTable(['landscape', 'classifier', 'loss as it is', 'highest loss', 'wrong at %'], rows),
    ...uneventful(report).map((name) => `Nothing happens on ${visible(name)}: both are right and sure at every point.`),
    `Report: ${visible(join(out, 'report.html'))}`,
    '',
  ].join('\n');
}

function describeRuns(report: RunsReport, out: string): string {
  const attacks = attacksOf(report);
  const rows = report.runs.map(({ name, tally }) => [
    name,
    ...attacks.map((attack) => {
      const rate = tally.attacks.get(attack);
      return rate === undefined ? '–' : formatPoints(rate.accuracy);
    }),
  ]);
  return [
    `${formatCount(report.runs.length)} runs on ${visible(report.data)}, ` +
      `${formatCount(report.images)} images that all hold`,
    '',
    textTable(['accuracy %', ...attacks], rows),
    '',
    ...report.notes.map(visible),
    `Report: ${visible(join(out, 'report.html'))}`,
    '',
  ].join('\n');
}
