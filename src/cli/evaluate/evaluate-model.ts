import { GimbalError } from '../../errors/error.ts';
import { visible } from '../../errors/visible.ts';
import type { EvaluationResult } from '../../evaluation/records.ts';
import { completeRun, withKeptRun } from '../../applications/evaluate/kept-run.ts';
import type { KeptRun } from '../../applications/evaluate/run.ts';
import { resultText } from '../../applications/evaluate/run-files.ts';
import { nodePlatform } from '../../node/platform.ts';
import type { EvaluateOptions } from '../../options/evaluate-options.ts';
import { BELOW_THRESHOLD, MISUSED } from '../exit-codes.ts';
import type { Terminal } from '../terminal.ts';
import { evaluationDisplay } from './evaluation-display.ts';
import { failedGates } from './gates.ts';
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
  try {
    return await withKeptRun(nodePlatform, options, command, hooks, async (run) => {
      if (run.folder.result !== undefined && !options.quiet)
        terminal.error(`This run was finished before, and is shown again from ${visible(run.folder.directory)}.\n`);
      const result = await completeRun(run, hooks);
      display.end();
      return tell(run, result, terminal);
    });
  } catch (error) {
    if (!(error instanceof GimbalError && error.issue.code === 'empty-shard')) throw error;
    // A task of an array that has nothing to do has not failed.
    if (!options.quiet) terminal.error(`${error.message}\n`);
    return 0;
  } finally {
    display.end();
  }
}

/** @returns exit code */
function tell(run: KeptRun, result: EvaluationResult, terminal: Terminal): number {
  const { options } = run;
  if (options.json) {
    terminal.out(resultText(result));
  }
  if (!options.quiet) {
    printResult(run, result, options.json ? (text) => terminal.error(text) : (text) => terminal.out(text));
  }
  const failed = failedGates(result, options.failUnder ?? {});
  failed.forEach((line) => terminal.error(`${line}\n`));
  const leftOut = options.skipUnreadable ? 0 : result.skipped;
  if (leftOut > 0) {
    const [are, them] = leftOut === 1 ? ['image is', 'it'] : ['images are', 'them'];
    terminal.error(
      `gimbal: ${leftOut} ${are} missing from this result, because ${leftOut === 1 ? 'it' : 'they'} could not be read. ` +
        `Mend ${them} and give the same command again: it completes the result. ` +
        `With --skip-unreadable it stands as it is.\n`,
    );
  }
  if (failed.length > 0) return BELOW_THRESHOLD;
  return leftOut > 0 ? MISUSED : 0;
}
