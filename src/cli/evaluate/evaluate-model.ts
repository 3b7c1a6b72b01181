import { visible } from '../../errors/visible.ts';
import type { ProgressListener } from '../../evaluation/progress.ts';
import type { EvaluationResult } from '../../evaluation/records.ts';
import { completeRun, withKeptRun } from '../../applications/evaluate/kept-run.ts';
import type { KeptRun } from '../../applications/evaluate/run.ts';
import { resultText } from '../../applications/evaluate/run-files.ts';
import { nodePlatform } from '../../node/platform.ts';
import type { EvaluateOptions } from '../../options/evaluate-options.ts';
import { BELOW_THRESHOLD, MISUSED } from '../exit-codes.ts';
import { INTERRUPTED, isInterruption } from '../interrupt.ts';
import { progressDisplay } from '../progress.ts';
import type { Terminal } from '../terminal.ts';
import { downloadDisplay } from './download-display.ts';
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
  return withRun(options, command, terminal, signal, async (run) => {
    if (run.folder.result !== undefined && !options.quiet)
      terminal.error(`This run was finished before, and is shown again from ${visible(run.folder.directory)}.\n`);
    const result = await finishRun(run, terminal, signal);
    return result === undefined ? INTERRUPTED : tell(run, result, terminal);
  });
}

/** Opens what a run needs, and closes it when the work is done. */
export async function withRun<T>(
  options: EvaluateOptions,
  command: string,
  terminal: Terminal,
  signal: AbortSignal,
  work: (run: KeptRun) => Promise<T>,
): Promise<T> {
  return withKeptRun(
    nodePlatform,
    options,
    command,
    { signal, onDownload: options.quiet ? undefined : downloadDisplay(terminal) },
    work,
  );
}

/**
 * The result of a run: the saved one, or what evaluating from where the folder stands comes to. Shows progress, and
 * writes the reports where they do not stand yet.
 * @returns `undefined` where the run was interrupted, which is told
 */
export async function finishRun(
  run: KeptRun,
  terminal: Terminal,
  signal: AbortSignal,
  onProgress?: ProgressListener,
): Promise<EvaluationResult | undefined> {
  // Of a finished run they stand with its result.
  if (!run.options.quiet && run.folder.result === undefined) {
    run.source.notes?.forEach((note) => terminal.error(`${visible(note)}\n`));
    run.warnings.forEach((warning) => terminal.error(`Warning: ${visible(warning)}\n`));
  }
  const display = progressDisplay(terminal);
  try {
    return await completeRun(run, {
      signal,
      onProgress(event) {
        onProgress?.(event);
        if (!run.options.quiet) display.listener(event);
      },
    });
  } catch (error) {
    if (!isInterruption(error, signal)) {
      throw error;
    }
    display.end();
    tellInterrupted(run, terminal);
    return undefined;
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

function tellInterrupted({ folder, source, command }: KeptRun, terminal: Terminal): void {
  terminal.error(
    `Stopped after ${folder.journal.completed} of ${source.length} images, ` +
      `which are kept in ${folder.directory}.\nThe same command goes on from there: ${command}\n`,
  );
}
