import { sha256Of } from '../../digest/sha256.ts';
import { misuse } from '../../errors/error.ts';
import { optionWords } from '../../errors/option-words.ts';
import { parseBySchema } from '../../json/by-schema.ts';
import { parseJson } from '../../json/parse-json.ts';
import { readText } from '../../ports/read-text.ts';
import { METRICS_FILE, MODEL_FILE } from '../train/training-files.ts';
import { readModel } from '../../onnx/read.ts';
import type { TrainedClassifier } from '../../studies/study.ts';
import type { Files } from '../../ports/files.ts';
import { METADATA } from '../../training/export/inference-model.ts';
import { recipeNamed } from '../../training/recipes/index.ts';
import { type Hyperparameters, RecipeSchema, resolveRecipe, withoutGone } from '../../training/recipes/recipe.ts';
import { metricsSchema } from '../../training/run/metrics-schema.ts';
import type { EpochMetrics } from '../../training/run/metrics.ts';
import type { StudyRequest } from './study-request.ts';

/** A model that a training run has finished. */
export interface ClassifierFile {
  readonly path: string;
  readonly sha256: string;
  /** Numbers in the file's weights. */
  readonly parameters: number;
  readonly seed: number;
  readonly settings: Hyperparameters;
  readonly epochs: readonly EpochMetrics[];
}

/**
 * The finished model of a classifier of a study, or `undefined`.
 * @throws misuse `other-run` where it was trained by another recipe or with other settings
 */
export async function trainedModel(
  { platform: { files }, out, changes }: Pick<StudyRequest, 'platform' | 'out' | 'changes'>,
  { name, recipe }: TrainedClassifier,
): Promise<ClassifierFile | undefined> {
  const folder = files.join(out, name);
  const settings = resolveRecipe(recipeNamed(recipe), changes);
  const path = files.join(folder, MODEL_FILE);
  const bytes = await files.readIfThere(path);
  if (bytes === undefined) return undefined;
  const { graph, metadata } = readModel(bytes);
  if (metadata.get(METADATA.recipe) !== recipe || !sameSettings(metadata.get(METADATA.settings), settings, path)) {
    throw misuse({
      code: 'other-run',
      subject: path,
      problem:
        metadata.get(METADATA.recipe) === recipe
          ? `was trained by ${recipe} with other settings.`
          : `was trained by ${metadata.get(METADATA.recipe) ?? 'something else'}, not by ${recipe}.`,
      advice: `Give another ${optionWords('out')}, or delete the folder to train anew.`,
    });
  }
  const metrics = await readMetrics(files, files.join(folder, METRICS_FILE));
  return {
    path,
    sha256: sha256Of(bytes),
    parameters: [...graph.initializers.values()]
      .filter(({ type }) => type === 'float32' || type === 'float16')
      .reduce((sum, { dims }) => sum + dims.reduce((product, dim) => product * dim, 1), 0),
    seed: settings.seed,
    settings,
    epochs: metrics,
  };
}

/** The lines of `metrics.jsonl`. @throws misuse `run-folder-damaged` */
async function readMetrics(files: Files, path: string): Promise<EpochMetrics[]> {
  const lines = (await readText(files, path)).trim().split('\n');
  return lines.map((line, i) =>
    parseBySchema(line, metricsSchema, {
      code: 'run-folder-damaged',
      subject: `${path}, line ${i + 1}`,
      advice: 'Put it back from a copy, or give the command of the training again, which writes it anew.',
    }),
  );
}

/** Whether a file's settings are these; one that an older version did not know has its default. */
function sameSettings(text: string | undefined, settings: Hyperparameters, path: string): boolean {
  const source = { code: 'other-run', subject: `${path}: its metadata '${METADATA.settings}'` };
  const read = RecipeSchema.safeParse(withoutGone(parseJson(text ?? 'null', source)));
  return read.success && JSON.stringify(read.data) === JSON.stringify(settings);
}
