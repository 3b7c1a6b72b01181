import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { failure } from '../../errors/error.ts';
import { evaluatesVotesTheSame } from '../../node/evaluation/configuration.ts';
import type { MeasuredPart, StudyRow, TrainedClassifier } from '../../studies/study.ts';
import type { EpochMetrics } from '../../training/run/metrics.ts';
import type { PartResult } from './part-result.ts';
import type { StudyRequest } from './study-request.ts';

/** Results of studies that come with the package; the compiled module lies in dist/cli/study. */
export const SHIPPED_RESULTS = fileURLToPath(new URL('../../../results/', import.meta.url));

/** How a classifier of saved results was trained: `results/cifar10/standard/training.json`. */
export interface TrainingResult {
  readonly recipe: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly model: { readonly sha256: string };
  readonly parameters: number;
  readonly seed: number;
  readonly seconds: number;
  readonly machine: string;
  readonly epochs: readonly EpochMetrics[];
}

/** The file that tells of a classifier's training. */
export function trainingFile(results: string, study: string, classifier: string): string {
  return join(results, study, classifier, 'training.json');
}

/** The file of a part: `results/cifar10/standard/forward.json`. */
export function partFile(results: string, study: string, row: StudyRow, part: MeasuredPart): string {
  return join(results, study, row.classifier, `${part.name}.json`);
}

/** How a classifier was trained whose results are saved, or `undefined`. */
export function savedTraining(
  { study, results }: Pick<StudyRequest, 'study' | 'results'>,
  { name }: TrainedClassifier,
): Promise<TrainingResult | undefined> {
  return results === undefined ? Promise.resolve(undefined) : readJson(trainingFile(results, study.name, name));
}

/**
 * The saved result of a part, if it is that of the classifier whose training is told and votes are still evaluated so.
 */
export async function savedResult(
  { study, results }: Pick<StudyRequest, 'study' | 'results'>,
  row: StudyRow,
  part: MeasuredPart,
  { model }: TrainingResult,
): Promise<PartResult | undefined> {
  const saved =
    results === undefined ? undefined : await readJson<PartResult>(partFile(results, study.name, row, part));
  return saved?.model.sha256 === model.sha256 && evaluatesVotesTheSame(saved.vote, row.vote !== undefined)
    ? saved
    : undefined;
}

async function readJson<T>(path: string): Promise<T | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  try {
    return text === undefined ? undefined : (JSON.parse(text) as T);
  } catch (error) {
    throw failure(
      {
        code: 'damaged-file',
        subject: path,
        problem: `is not JSON (${(error as Error).message}).`,
        advice: 'Install gimbal again, or delete the file.',
      },
      { cause: error },
    );
  }
}
