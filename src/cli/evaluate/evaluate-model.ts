import { join } from 'node:path';
import { GimbalError } from '../../errors/error.ts';
import { visible } from '../../errors/visible.ts';
import { type Check, checkGates, checkWorse } from '../../applications/evaluate/checks.ts';
import { type CompletedRun, completeRun, inputsOf, withKeptRun } from '../../applications/evaluate/kept-run.ts';
import type { KeptRun } from '../../applications/evaluate/run.ts';
import { resultText } from '../../applications/evaluate/run-files.ts';
import { appendStepSummary } from '../../node/ci/step-summary.ts';
import { nodePlatform } from '../../node/platform.ts';
import type { EvaluateOptions } from '../../options/evaluate-options.ts';
import { BELOW_THRESHOLD, MISUSED } from '../exit-codes.ts';
import type { Terminal } from '../terminal.ts';
import { evaluationDisplay } from './evaluation-display.ts';
import { type JUnitReport, junitReport } from './junit-report.ts';
import { printResult } from './print-result.ts';

/**
 * Evaluates or goes on evaluating, writes the run folder, and prints the result.
 * @returns exit code
 */
export async function evaluateModel(
  options: EvaluateOptions,
  command: string,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const display = evaluationDisplay(terminal, options.quiet);
  const hooks = { signal, onEvent: display.listener };
  const junit = await junitReport(options);
  try {
    return await withKeptRun(nodePlatform, options, command, hooks, async (run) => {
      if (run.folder.result !== undefined && !options.quiet)
        terminal.error(`This run was finished before, and is shown again from ${visible(run.folder.directory)}.\n`);
      const completed = await completeRun(run, hooks);
      display.end();
      display.warn(completed.result.warnings);
      return tell(run, completed, junit, terminal);
    });
  } catch (error) {
    if (!(error instanceof GimbalError)) throw error;
    if (error.issue.code !== 'empty-shard') {
      // What went wrong is told in any case; that it cannot be written here as well is no more.
      await junit.ended({ kind: 'error', message: error.message }).catch(() => undefined);
      throw error;
    }
    // A task of an array that has nothing to do has not failed.
    await junit.ended();
    if (!options.quiet) terminal.error(`${error.message}\n`);
    return 0;
  } finally {
    display.end();
  }
}

/** @returns exit code */
async function tell(run: KeptRun, completed: CompletedRun, junit: JUnitReport, terminal: Terminal): Promise<number> {
  const { options, folder, platform } = run;
  const { result } = completed;
  if (options.json) {
    terminal.out(resultText(result));
  }
  if (!options.quiet) {
    printResult(run, completed, options.json ? (text) => terminal.error(text) : (text) => terminal.out(text));
  }
  const checks = checksOf(options, completed);
  const failures = checks.flatMap(({ failure }) => failure ?? []);
  failures.forEach((line) => terminal.error(`${line}\n`));
  const fault = missingImages(run, completed);
  if (fault !== undefined) terminal.error(`gimbal: ${fault}\n`);
  const warning = await appendStepSummary(
    platform.machine.environment,
    join(folder.directory, 'report.md'),
    inputsOf(options),
  );
  if (warning !== undefined) terminal.error(`Warning: ${visible(warning)}\n`);
  await junit.finished(run, result, checks, fault);
  if (failures.length > 0) return BELOW_THRESHOLD;
  return fault === undefined ? 0 : MISUSED;
}

function checksOf({ failUnder = {}, failIfWorse }: EvaluateOptions, { result, beside }: CompletedRun): Check[] {
  return [
    ...checkGates(result, failUnder),
    ...(beside === undefined || failIfWorse === undefined ? [] : checkWorse(beside.difference, failIfWorse)),
  ];
}

/** In a sentence or two, where images could not be read and nobody said that they may be left out. */
function missingImages({ options }: KeptRun, { result }: CompletedRun): string | undefined {
  const leftOut = options.skipUnreadable ? 0 : result.skipped;
  if (leftOut === 0) return undefined;
  const [are, them] = leftOut === 1 ? ['image is', 'it'] : ['images are', 'them'];
  return (
    `${leftOut} ${are} missing from this result, because ${leftOut === 1 ? 'it' : 'they'} could not be read. ` +
    `Mend ${them} and give the same command again: it completes the result. ` +
    `With --skip-unreadable it stands as it is.`
  );
}
