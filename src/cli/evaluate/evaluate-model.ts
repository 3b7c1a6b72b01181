import { createAttack } from '../../attacks/create-attack.ts';
import { parseAttackName } from '../../attacks/attack-name.ts';
import type { ImageSource } from '../../data/source.ts';
import { evaluate } from '../../evaluation/evaluate.ts';
import type { ProgressListener } from '../../evaluation/progress.ts';
import type { EvaluationResult } from '../../evaluation/records.ts';
import { type RunConfig, type RunFolder, openRunFolder, toText } from '../../node/run-folder/run-folder.ts';
import { attackSettings } from '../../options/attack-settings.ts';
import type { EvaluateOptions } from '../../options/evaluate-options.ts';
import { progressDisplay } from '../progress.ts';
import { INTERRUPTED, isInterruption } from '../interrupt.ts';
import type { Terminal } from '../terminal.ts';
import { GIMBAL_VERSION } from '../version.ts';
import { assumptionsOf } from './assumptions.ts';
import { startRunClassifier } from './classifier.ts';
import { defaultDirectory, runConfig, runIdentity } from './configuration.ts';
import { failedGates } from './gates.ts';
import { type OpenModel, openImages, openModel } from './inputs.ts';
import { printResult } from './print-result.ts';
import { reportsStand, writeReports } from './reports.ts';

const GATE_FAILED = 1;

/** A run as it was opened. */
export interface Run {
  readonly options: EvaluateOptions;
  readonly model: OpenModel;
  readonly source: ImageSource;
  /** As it is now; that of the folder may differ in what results do not depend on. */
  readonly config: RunConfig;
  readonly folder: RunFolder;
  /** The command that repeats it. */
  readonly command: string;
}

/**
 * Evaluates or goes on evaluating, writes the run folder, and prints the result.
 * @returns exit code
 */
export async function evaluateModel(options: EvaluateOptions, command: string, terminal: Terminal, signal: AbortSignal): Promise<number> {
  return withRun(options, command, terminal, signal, async (run) => {
    const result = await finishRun(run, terminal, signal);
    return result === undefined ? INTERRUPTED : tell(run, result, terminal);
  });
}

/** Opens what a run needs, and closes it when the work is done. */
export async function withRun<T>(
  options: EvaluateOptions, command: string, terminal: Terminal, signal: AbortSignal, work: (run: Run) => Promise<T>,
): Promise<T> {
  const model = await openModel(options);
  const source = await openImages(options, model, terminal, signal);
  try {
    const settings = attackSettings(options, source.shape);
    const config = await runConfig(options, model, source, settings, command);
    const folder = await openRunFolder({ directory: options.out ?? defaultDirectory(config), config, identity: runIdentity });
    try {
      return await work({ options, model, source, config, folder, command });
    } finally {
      await folder.close();
    }
  } finally {
    await source.close();
  }
}

/**
 * The result of a run: the saved one, or what evaluating from where the folder stands comes to. Writes the reports where
 * they do not stand yet.
 * @returns `undefined` where the run was interrupted, which is told
 */
export async function finishRun(run: Run, terminal: Terminal, signal: AbortSignal, onProgress?: ProgressListener): Promise<EvaluationResult | undefined> {
  const finishedBefore = run.folder.result !== undefined;
  const result = run.folder.result ?? (await work(run, terminal, signal, onProgress));
  if (result === undefined) {
    tellInterrupted(run, terminal);
    return undefined;
  }
  if (!finishedBefore || !(await reportsStand(run))) {
    await writeReports(run, result, signal);
  }
  return result;
}

/** @returns exit code */
function tell(run: Run, result: EvaluationResult, terminal: Terminal): number {
  const { options } = run;
  if (options.json) {
    terminal.out(toText(result));
  }
  if (!options.quiet) {
    printResult(run, result, options.json ? (text) => terminal.error(text) : (text) => terminal.out(text));
  }
  const failed = failedGates(result, options.failUnder ?? {});
  failed.forEach((line) => terminal.error(`${line}\n`));
  return failed.length > 0 ? GATE_FAILED : 0;
}

/** @returns `undefined` where the run was interrupted */
async function work(run: Run, terminal: Terminal, signal: AbortSignal, onProgress?: ProgressListener): Promise<EvaluationResult | undefined> {
  const { options, model, source, folder } = run;
  const settings = attackSettings(options, source.shape);
  const classifier = await startRunClassifier(run);
  const display = progressDisplay(terminal);
  try {
    const result = await evaluate({
      classifier, source, signal,
      attacks: options.attacks.map((name) => createAttack(parseAttackName(name), settings)),
      vote: options.vote === undefined ? undefined : { draws: options.vote, box: settings.box, seed: options.seed },
      journal: folder.journal,
      onProgress(event) {
        onProgress?.(event);
        if (!options.quiet) display.listener(event);
      },
      about: { gimbal: GIMBAL_VERSION, model: { name: model.name, sha256: model.sha256 }, data: { name: source.name, fingerprint: source.fingerprint } },
      assumptions: assumptionsOf(model.prepared),
    });
    await folder.finish(result);
    return result;
  } catch (error) {
    if (isInterruption(error, signal)) {
      return undefined;
    }
    throw error;
  } finally {
    display.end();
    await classifier.close();
  }
}

function tellInterrupted({ folder, source, command }: Run, terminal: Terminal): void {
  terminal.error(`Stopped after ${folder.journal.completed} of ${source.length} images, which are kept in ${folder.directory}.\nThe same command goes on from there: ${command}\n`);
}
