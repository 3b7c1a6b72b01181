import { misuse } from '../../errors/error.ts';
import { optionWords } from '../../errors/option-words.ts';
import type { EvaluationResult } from '../../evaluation/records.ts';
import type { EvaluateOptions } from '../../options/evaluate-options.ts';
import type { Input } from '../../ports/folders.ts';
import type { Platform } from '../platform.ts';
import { runConfig, runIdentity } from './configuration.ts';
import { type Beside, openBaseline, setBeside } from './baseline.ts';
import { findDirectory, mendedSince } from './mended.ts';
import { reportsStand, writeReports } from './reports.ts';
import type { RunConfig } from './run-files.ts';
import { type KeptRun, type OpeningHooks, type Run, type RunHooks, measureRun, withRun } from './run.ts';
import { type RunShard, shardFolderName, withNamedShard } from './shard.ts';

/**
 * Opens a run and its folder, new or left by an earlier part of the same run, and closes both when the work is done.
 * @param asCommand how to repeat the run, for `config.json` and the reports
 * @throws misuse and failure as `openRun` and `openRunFolder`, and whatever the work throws
 */
export async function withKeptRun<T>(
  platform: Platform,
  asked: EvaluateOptions,
  asCommand: string,
  hooks: OpeningHooks & { readonly facts?: Partial<RunConfig> },
  work: (run: KeptRun) => Promise<T>,
): Promise<T> {
  const { options, command } = withNamedShard(asked, asCommand, platform.machine);
  return withRun(platform, options, { ...hooks, goesOn: true }, async (run) => {
    if (run.shard !== undefined && run.source.length === 0) throw emptyShard(run.shard);
    const config = { ...(await runConfig(run, command)), ...hooks.facts };
    const folder = await platform.runs.open({
      directory: await directoryOf(run, config),
      config,
      identity: runIdentity,
      inputs: inputsOf(options),
      mended: (earlier, unreadable) => mendedSince(run, config, earlier, unreadable),
    });
    try {
      return await work({ ...run, config, folder, command });
    } finally {
      await folder.close();
    }
  });
}

/** A run that is finished. */
export interface CompletedRun {
  readonly result: EvaluationResult;
  /** Beside the baseline, where one is named. */
  readonly beside?: Beside;
}

/**
 * The result that the folder holds; where there is none yet, the run goes on to its end first. Reports are written
 * where they are missing or show something else than is asked for.
 * @throws misuse as `openBaseline` and `setBeside`; of the first before anything is computed
 */
export async function completeRun(run: KeptRun, hooks: RunHooks): Promise<CompletedRun> {
  const { folder, source, warnings, command } = run;
  const { signal, onEvent } = hooks;
  const baseline = await openBaseline(run, hooks);
  const besideBaseline = async (result: EvaluationResult): Promise<CompletedRun> =>
    baseline === undefined ? { result } : { result, beside: await setBeside(run, result, baseline) };
  if (folder.result !== undefined) {
    const completed = await besideBaseline(folder.result);
    if (await reportsStand(run, completed.beside)) return completed;
  } else {
    // Of a finished run they stand with its result.
    source.notes?.forEach((text) => onEvent?.({ kind: 'note', text }));
    warnings.forEach((text) => onEvent?.({ kind: 'warning', text }));
  }
  try {
    const completed = await besideBaseline(folder.result ?? (await measureInto(run, hooks)));
    onEvent?.({ kind: 'report' });
    await writeReports(run, completed.result, { signal, beside: completed.beside });
    return completed;
  } catch (error) {
    if (signal?.aborted && (error as Error | undefined)?.name === 'AbortError') {
      const { journal, directory } = folder;
      onEvent?.({ kind: 'stopped', done: journal.completed, total: source.length, folder: directory, command });
    }
    throw error;
  }
}

async function measureInto(run: KeptRun, hooks: RunHooks): Promise<EvaluationResult> {
  const { folder, source } = run;
  const result = await measureRun(run, folder.journal, hooks, folder.mended);
  await folder.finish(result, source.skipped ?? []);
  return result;
}

/** The folder of a run: that of `--out`, in which each shard has one of its own, or one that is found again. */
async function directoryOf(run: Run, config: RunConfig): Promise<string> {
  const { out, shard } = run.options;
  if (out === undefined) return findDirectory(run, config);
  return shard === undefined ? out : run.platform.files.join(out, shardFolderName(shard));
}

function emptyShard({ index, of, group, images }: RunShard): Error {
  const all = `${Math.ceil(images / group)} groups of ${images} images`;
  return misuse({
    code: 'empty-shard',
    subject: `shard ${index}/${of}`,
    problem: `has no images: they go through in groups of ${group}, and there are ${all}.`,
    advice: 'There is nothing to do for it; gimbal merge does not miss it.',
  });
}

/** What an evaluation reads and must not write over. */
export function inputsOf({ model, data, exclude, labels, baseline }: EvaluateOptions): Input[] {
  const paths: [what: string, path: string | undefined][] = [
    ['the model', model],
    ['the data', data],
    [`the file of ${optionWords('exclude')}`, exclude],
    [`the file of ${optionWords('labels')}`, labels],
    [`the run of ${optionWords('baseline')}`, baseline],
  ];
  return paths.flatMap(([what, path]) => (path === undefined ? [] : [{ what, path }]));
}
