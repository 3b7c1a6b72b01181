import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { AttackSummary, EvaluationResult } from '../../evaluation/records.ts';
import { DECIDING_OPTIONS } from '../../node/evaluation/configuration.ts';
import { CONFIG_FILE, type RunConfig } from '../../node/run-folder/run-files.ts';
import type { Box } from '../../sets/box.ts';
import type { GridSize } from '../../sets/grid.ts';
import type { MeasuredPart, StudyRow } from '../../studies/study.ts';
import { shellCommand } from '../shell-command.ts';
import type { SavedPart } from './saved.ts';
import type { StudyRequest } from './study-request.ts';

/** What a finished part of a row came to, without its single images: small enough to be shipped. */
export interface PartResult extends Pick<EvaluationResult, 'gimbal' | 'data' | 'n' | 'seconds'> {
  readonly model: { readonly sha256: string };
  readonly attacks: Readonly<Record<string, AttackSummary>>;
  readonly box: Box;
  /** The options of `gimbal evaluate` on which results depend, by name. */
  readonly options: {
    readonly grid: GridSize;
    readonly draws: number;
    readonly seed: number;
    readonly [name: string]: unknown;
  };
  /** How a vote was evaluated; the words of the run's `config.json`. */
  readonly vote?: unknown;
  /** What repeats it: no path of the machine that it was made on stands in it. */
  readonly command: string;
  /** In words; told where results are saved. */
  readonly machine?: string;
}

/** Reads a finished run of a study's folder. */
export async function readPartResult(
  { folder, result }: SavedPart,
  { study, changes }: Pick<StudyRequest, 'study' | 'changes'>,
  row: StudyRow,
  part: MeasuredPart,
): Promise<PartResult> {
  const config = JSON.parse(await readFile(join(folder, CONFIG_FILE), 'utf8')) as RunConfig;
  const given = config.options as Readonly<Record<string, unknown>>;
  const deciding = DECIDING_OPTIONS.filter((name) => given[name] !== undefined);
  const {
    gimbal,
    data,
    n,
    attacks,
    seconds,
    model: { sha256 },
  } = result;
  const repeated = [
    'reproduce',
    study.name,
    '--only',
    row.classifier,
    ...(given.limit === undefined || given.limit === part.limit ? [] : ['--limit', String(given.limit)]),
    ...(given.exclude === undefined ? [] : ['--exclude', basename(String(given.exclude))]),
    ...changes.flatMap((change) => ['--set', change]),
  ];
  return {
    gimbal,
    model: { sha256 },
    data,
    n,
    attacks,
    box: config.box as unknown as Box,
    options: Object.fromEntries(deciding.map((name) => [name, given[name]])) as PartResult['options'],
    ...(config.vote === undefined ? {} : { vote: config.vote }),
    command: shellCommand(repeated),
    seconds,
  };
}
