import { formatShard } from '../../data/shard.ts';
import { misuse } from '../../errors/error.ts';
import { optionWords } from '../../errors/option-words.ts';
import type { Journal } from '../../evaluation/journal.ts';
import type { EvaluationResult } from '../../evaluation/records.ts';
import { differences } from '../../json/differences.ts';
import { type EvaluateOptions, evaluateSchema } from '../../options/evaluate-options.ts';
import { resolvedOptions } from '../../options/read-options.ts';
import type { Files } from '../../ports/files.ts';
import { withKeptRun } from '../evaluate/kept-run.ts';
import { writeReports } from '../evaluate/reports.ts';
import { type KeptRun, measureRun } from '../evaluate/run.ts';
import { readResult, type RunConfig } from '../evaluate/run-files.ts';
import { madeOf } from '../../report/made.ts';
import type { Platform } from '../platform.ts';
import { commonIdentity, findShards, type ShardFolder, type ShardSet } from './find-shards.ts';
import { type Entry, mergeEntries } from './merge-records.ts';

/** Shards, and what is to come of them. */
export interface MergeRequest {
  /** Folders of shards, or folders that hold them. */
  readonly folders: readonly string[];
  /** The run folder that comes of them. */
  readonly out: string;
  /** Takes what is there, and says so. */
  readonly partial?: boolean;
  /** Where model and data lie now, if not where the shards found them. */
  readonly model?: string;
  readonly data?: string;
}

/** What a merge tells its listeners. */
type MergeEvent =
  { readonly kind: 'progress'; readonly images: number; readonly total: number } | { readonly kind: 'report' };

/** What hears of a merge and may stop it. */
export interface MergeHooks {
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: MergeEvent) => void;
}

/**
 * Makes one run folder of the shards of an evaluation: records, losses and result are those of the same evaluation on
 * one machine. Nothing is evaluated, but for what only the report shows. The same call goes on where it was stopped.
 *
 * @param work what is done with the merged run, while its folder is held
 * @throws misuse `shards-missing`, `shards-unfinished` (name them, and their images), `other-shards`, `shard-twice`,
 *   `image-twice`, and what opening model, data and folders throws
 */
export async function mergeOn<T>(
  platform: Platform,
  request: MergeRequest,
  { signal, onEvent }: MergeHooks,
  work: (run: KeptRun, result: EvaluationResult) => Promise<T>,
): Promise<T> {
  const { files } = platform;
  const set = await findShards(files, request.folders);
  const results = await resultsOf(files, set);
  if (!request.partial) refuseGaps(set, results);
  const [first] = set.found;
  const options = optionsOf(first, request);
  const there = request.partial ? await indicesThere(platform, set) : undefined;
  const facts = factsOf(set, there);
  return withKeptRun(
    platform,
    options,
    commandOf(first, request.out),
    { signal, only: there, facts },
    async (opened) => {
      refuseOthers(first, opened);
      const run = there === undefined ? opened : { ...opened, warnings: [...opened.warnings, partly(set, there.size)] };
      if (run.folder.result === undefined) {
        await fill(
          run,
          set,
          (images) => onEvent?.({ kind: 'progress', images, total: there?.size ?? set.images }),
          signal,
        );
        const result = await measureRun(run, run.folder.journal, { signal });
        // What the shards took together; joining them took no evaluation.
        const seconds = [...results.values()].reduce((sum, one) => sum + (one?.seconds ?? 0), 0);
        await run.folder.finish({ ...result, seconds }, run.source.skipped ?? []);
      }
      const result = run.folder.result as EvaluationResult;
      onEvent?.({ kind: 'report' });
      await writeReports(run, result, { signal });
      return work(run, result);
    },
  );
}

/** The options of the shards, without what makes a shard of them. */
function optionsOf({ config }: ShardFolder, { out, model, data }: MergeRequest): EvaluateOptions {
  const { shard: _, ...given } = config.options;
  const { path } = config.model;
  // What was asked of a shard beside its measurement concerns that shard alone.
  const { baseline: _baseline, junit: _junit, 'fail-if-worse': _worse, ...asked } = given;
  const values = { model: path, ...asked, out, ...(model && { model }), ...(data && { data }) };
  return resolvedOptions(evaluateSchema, { values, describe: (name) => `option ${name} of the shards` });
}

/** The command that evaluates all of it at once. */
function commandOf({ config }: ShardFolder, out: string): string {
  return config.command
    .replace(/ --shard[ =]\S+/, '')
    .replace(/( --out[ =])('[^']*'|\S+)/, (_, flag: string) => `${flag}${out}`);
}

function factsOf({ of, images, found }: ShardSet, there: ReadonlySet<number> | undefined): Partial<RunConfig> {
  const begun = found.flatMap(({ config }) => madeOf(config).begun ?? []).toSorted();
  const machines = [...new Set(found.flatMap(({ config }) => madeOf(config).machine ?? []))];
  return {
    merged: { shards: of },
    // When and where the shards were begun, not when they were joined.
    ...(begun.length === 0 ? {} : { begun: begun[0] }),
    ...(machines.length === 0 ? {} : { machine: machines.join('; ') }),
    ...(there === undefined ? {} : { partial: { images: there.size, of: images } }),
  };
}

function partly({ of, images, found, missing }: ShardSet, there: number): string {
  const lacking = missing.length === 0 ? '' : ` (of ${of} shards ${found.length} had begun)`;
  return `This is a part: ${there} of ${images} images are there${lacking}.`;
}

async function resultsOf(files: Files, { found }: ShardSet): Promise<Map<ShardFolder, EvaluationResult | undefined>> {
  const results = new Map<ShardFolder, EvaluationResult | undefined>();
  for (const one of found) results.set(one, await readResult(files, one.folder));
  return results;
}

const NAMED = 10;

function named(names: readonly string[]): string {
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : '';
  return `${names.slice(0, NAMED).join(', ')}${more}`;
}

function refuseGaps(set: ShardSet, results: ReadonlyMap<ShardFolder, EvaluationResult | undefined>): void {
  const open = set.found.filter((one) => results.get(one) === undefined && one.images > 0);
  if (set.missing.length + open.length === 0) return;
  const told = [
    ...(set.missing.length === 0
      ? []
      : [
          `${set.missing.length} of ${set.of} have no folder ` +
            `(${named(set.missing.map(({ shard }) => formatShard(shard)))}), ` +
            `with ${set.missing.reduce((sum, { images }) => sum + images, 0)} images`,
        ]),
    ...(open.length === 0
      ? []
      : [
          `${open.length} are not finished (${named(open.map(({ shard }) => formatShard(shard)))}), ` +
            `with ${open.reduce((sum, { images }) => sum + images, 0)} images`,
        ]),
  ];
  const [first] = open;
  const goesOn = first === undefined ? '' : ` A shard goes on by its own command: ${first.config.command}.`;
  throw misuse({
    code: set.missing.length > 0 ? 'shards-missing' : 'shards-unfinished',
    subject: 'shards',
    problem: `${told.join('; ')} of ${set.images}.`,
    advice: `Evaluate them first, or merge what is there by ${optionWords('partial')}.${goesOn}`,
  });
}

/** The model and the data have to be those that the shards saw. */
function refuseOthers(first: ShardFolder, { config }: KeptRun): void {
  const { partial: _, ...whole } = config;
  const now = commonIdentity({ config: whole, shard: first.shard });
  const apart = differences(commonIdentity(first), now, ['in the shards', 'now']);
  if (apart.length === 0) return;
  throw misuse({
    code: 'other-shards',
    subject: first.folder,
    problem: `was evaluated with something else than is here now (${apart.join('; ')}).`,
    advice: 'Merge with the model, the data and the version of Gimbal that the shards were evaluated with.',
  });
}

async function indicesThere({ runs }: Platform, { found }: ShardSet): Promise<ReadonlySet<number>> {
  const there = new Set<number>();
  for (const { folder } of found) for await (const { index } of runs.records(folder)) there.add(index);
  if (there.size > 0) return there;
  throw misuse({ code: 'no-shards', subject: 'shards', problem: 'hold no image yet.', advice: 'Try again later.' });
}

/** Bytes of losses and records that are gathered before they are written. */
const TOGETHER = 2 ** 23;
const RECORD_BYTES = 2000;

/** Puts the records of all shards into the merged journal, behind those that an earlier call left there. */
async function fill(
  run: KeptRun,
  { found }: ShardSet,
  onImages: (images: number) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { platform, folder, options } = run;
  const { journal } = folder;
  const attacks = options.exhaustive ? attacksOf(options) : [];
  let [passed, images, bytes] = [0, journal.completed, 0];
  const before = journal.completed;
  let pending: Entry[] = [];
  const flush = async (): Promise<void> => {
    await append(platform.files, journal, pending);
    images += pending.length;
    [pending, bytes] = [[], 0];
    onImages(images);
  };
  for await (const entry of mergeEntries(found.map(({ folder: path }) => entriesOf(platform, path, attacks)))) {
    if (passed++ < before) continue;
    pending.push(entry);
    bytes += RECORD_BYTES + [...entry.losses.values()].reduce((sum, { byteLength }) => sum + byteLength, 0);
    if (bytes < TOGETHER) continue;
    signal?.throwIfAborted();
    await flush();
  }
  if (pending.length > 0) await flush();
}

function attacksOf({ attacks }: EvaluateOptions): string[] {
  return [...new Set(['natural', ...attacks])];
}

async function* entriesOf({ runs }: Platform, folder: string, attacks: readonly string[]): AsyncGenerator<Entry> {
  const losses = attacks.map((attack) => [attack, runs.losses(folder, attack)[Symbol.asyncIterator]()] as const);
  try {
    for await (const record of runs.records(folder)) {
      const rows = new Map<string, Float32Array>();
      for (const [attack, iterator] of losses) {
        const { done, value } = await iterator.next();
        if (!done) rows.set(attack, value);
      }
      yield { record, losses: rows, folder };
    }
  } finally {
    for (const [, iterator] of losses) await iterator.return?.();
  }
}

async function append(files: Files, journal: Journal, entries: readonly Entry[]): Promise<void> {
  const losses = new Map<string, Float32Array[]>();
  const perturbations = new Map<string, Float32Array>();
  for (const { record, losses: rows, folder } of entries) {
    for (const [attack, row] of rows) {
      const kept = losses.get(attack) ?? [];
      kept.push(row);
      losses.set(attack, kept);
    }
    for (const { perturbation } of Object.values(record.attacks)) {
      if (perturbation === undefined) continue;
      const bytes = await files.read(files.join(folder, perturbation));
      perturbations.set(perturbation, new Float32Array(bytes.slice().buffer));
    }
  }
  await journal.append(
    entries.map(({ record }) => record),
    losses,
    perturbations,
  );
}
