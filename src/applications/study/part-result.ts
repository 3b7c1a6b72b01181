import { z } from 'zod';
import { misuse } from '../../errors/error.ts';
import { attackSummarySchema } from '../../evaluation/record-schema.ts';
import type { AttackSummary, EvaluationResult } from '../../evaluation/records.ts';
import { formatField } from '../../json/format.ts';
import { DECIDING_OPTIONS } from '../evaluate/configuration.ts';
import { readRunConfig } from '../evaluate/run-files.ts';
import type { Box } from '../../sets/box.ts';
import type { GridSize } from '../../sets/grid.ts';
import type { StudyPart, StudyRow } from '../../studies/study.ts';
import { shellCommand } from '../../options/shell-command.ts';
import type { FinishedRun } from './finished-runs.ts';
import type { StudyRequest } from './study-request.ts';

/** What a finished part of a row came to, without its single images: small enough to come with the package. */
export interface PartResult extends Pick<EvaluationResult, 'gimbal' | 'data' | 'n' | 'seconds'> {
  readonly format?: string;
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

const axes = z.object({ tx: z.number(), ty: z.number(), angle: z.number() });

/** A file of saved results. */
export const partResultSchema: z.ZodType<PartResult> = z.looseObject({
  format: formatField('part', 1),
  gimbal: z.string(),
  model: z.looseObject({ sha256: z.string() }),
  data: z.looseObject({ name: z.string(), fingerprint: z.string() }),
  n: z.int().nonnegative(),
  attacks: z.record(z.string(), attackSummarySchema),
  box: axes,
  options: z.looseObject({ grid: axes, draws: z.number(), seed: z.number() }),
  vote: z.unknown().optional(),
  command: z.string(),
  seconds: z.number(),
  machine: z.string().optional(),
});

/** Reads a finished run of a study's folder. */
export async function readPartResult(
  { folder, result }: FinishedRun,
  { platform: { files }, study, changes }: Pick<StudyRequest, 'platform' | 'study' | 'changes'>,
  row: StudyRow,
  part: StudyPart,
): Promise<PartResult> {
  const config = await readRunConfig(files, folder);
  const { box, options: given } = config;
  if (box === undefined)
    throw misuse({
      code: 'run-folder-damaged',
      subject: folder,
      problem: "is of a version that did not keep the limits of its transformations: config.json has no 'box'.",
      advice: 'Delete it: the part is measured anew.',
    });
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
    ...(given.exclude === undefined ? [] : ['--exclude', files.nameOf(String(given.exclude))]),
    ...changes.flatMap((change) => ['--set', change]),
  ];
  return {
    gimbal,
    model: { sha256 },
    data,
    n,
    attacks,
    box,
    options: Object.fromEntries(deciding.map((name) => [name, given[name]])) as PartResult['options'],
    ...(config.vote === undefined ? {} : { vote: config.vote }),
    command: shellCommand(repeated),
    seconds,
  };
}
