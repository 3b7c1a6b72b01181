import { z } from 'zod';
import { formatField } from '../../json/format.ts';
import { evaluatesVotesTheSame } from '../evaluate/configuration.ts';
import { readSealed } from '../../ports/read-json.ts';
import type { StudyPart, StudyRow, TrainedClassifier } from '../../studies/study.ts';
import type { EpochMetrics } from '../../training/run/metrics.ts';
import { metricsSchema } from '../../training/run/metrics-schema.ts';
import { type PartResult, partResultSchema } from './part-result.ts';
import type { Files } from '../../ports/files.ts';
import type { StudyRequest } from './study-request.ts';

/** How a classifier of saved results was trained: `results/cifar10/standard/training.json`. */
export interface SavedTraining {
  readonly format?: string;
  readonly recipe: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly model: { readonly sha256: string };
  readonly parameters: number;
  readonly seed: number;
  readonly seconds: number;
  readonly machine: string;
  readonly epochs: readonly EpochMetrics[];
}

export const trainingResultSchema: z.ZodType<SavedTraining> = z.looseObject({
  format: formatField('training-result', 1),
  recipe: z.string(),
  settings: z.record(z.string(), z.unknown()),
  model: z.looseObject({ sha256: z.string() }),
  parameters: z.int(),
  seed: z.int(),
  seconds: z.number(),
  machine: z.string(),
  epochs: z.array(metricsSchema),
});

const DAMAGED = { code: 'damaged-file', advice: 'Install gimbal again, or delete the file.' };

/** The file that tells of a classifier's training. */
export function trainingFile(files: Files, results: string, study: string, classifier: string): string {
  return files.join(results, study, classifier, 'training.json');
}

/** The file of a part: `results/cifar10/standard/forward.json`. */
export function partFile(files: Files, results: string, study: string, row: StudyRow, part: StudyPart): string {
  return files.join(results, study, row.classifier, `${part.name}.json`);
}

/** How a classifier was trained whose results are saved, or `undefined`. */
export function savedTraining(
  { platform: { files }, study, results }: Pick<StudyRequest, 'platform' | 'study' | 'results'>,
  { name }: TrainedClassifier,
): Promise<SavedTraining | undefined> {
  return results === undefined
    ? Promise.resolve(undefined)
    : readSealed(files, trainingFile(files, results, study.name, name), trainingResultSchema, DAMAGED);
}

/**
 * The saved result of a part, if it is that of the classifier whose training is saved and votes are still evaluated so.
 */
export async function savedResult(
  { platform: { files }, study, results }: Pick<StudyRequest, 'platform' | 'study' | 'results'>,
  row: StudyRow,
  part: StudyPart,
  { model }: SavedTraining,
): Promise<PartResult | undefined> {
  const saved =
    results === undefined
      ? undefined
      : await readSealed(files, partFile(files, results, study.name, row, part), partResultSchema, DAMAGED);
  return saved?.model.sha256 === model.sha256 && evaluatesVotesTheSame(saved.vote, row.vote !== undefined)
    ? saved
    : undefined;
}
