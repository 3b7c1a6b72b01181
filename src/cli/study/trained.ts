import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { misuse } from '../../errors/error.ts';
import { parseBySchema } from '../../json/by-schema.ts';
import { parseJson } from '../../json/parse-json.ts';
import { readText } from '../../ports/read-text.ts';
import { nodeFiles } from '../../node/files.ts';
import { METRICS_FILE } from '../../applications/train/training-files.ts';
import { MODEL_FILE } from '../../applications/train/training-files.ts';
import { sha256Of } from '../../node/sha256.ts';
import { readModel } from '../../onnx/read.ts';
import { type Hyperparameters, RecipeSchema } from '../../training/recipes/recipe.ts';
import { metricsSchema } from '../../training/run/metrics-schema.ts';
import type { EpochMetrics } from '../../training/run/metrics.ts';

/** A model that a training run has finished. */
export interface Trained {
  readonly path: string;
  readonly sha256: string;
  /** Numbers in the file's weights. */
  readonly parameters: number;
  readonly seed: number;
  readonly settings: Hyperparameters;
  readonly epochs: readonly EpochMetrics[];
}

/**
 * The finished model of a training folder, or `undefined`.
 * @throws misuse `other-run` where it was trained by another recipe or with other settings
 */
export async function trainedModel(
  folder: string,
  recipe: string,
  settings: Hyperparameters,
): Promise<Trained | undefined> {
  const path = join(folder, MODEL_FILE);
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (bytes === undefined) return undefined;
  const { graph, metadata } = readModel(bytes);
  if (metadata.get('gimbal.recipe') !== recipe || !sameSettings(metadata.get('gimbal.settings'), settings, path)) {
    throw misuse({
      code: 'other-run',
      subject: path,
      problem:
        metadata.get('gimbal.recipe') === recipe
          ? `was trained by ${recipe} with other settings.`
          : `was trained by ${metadata.get('gimbal.recipe') ?? 'something else'}, not by ${recipe}.`,
      advice: 'Give another --out, or delete the folder to train anew.',
    });
  }
  const metrics = await readMetrics(join(folder, METRICS_FILE));
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
async function readMetrics(path: string): Promise<EpochMetrics[]> {
  const lines = (await readText(nodeFiles, path)).trim().split('\n');
  return lines.map((line, i) =>
    parseBySchema(line, metricsSchema, {
      code: 'run-folder-damaged',
      subject: `${path}, line ${i + 1}`,
      advice: 'Put it back from a copy, or go on with the training by --resume, which writes it anew.',
    }),
  );
}

/** Whether a file's settings are these; one that an older version did not know has its default. */
function sameSettings(text: string | undefined, settings: Hyperparameters, path: string): boolean {
  const source = { code: 'other-run', subject: `${path}: its metadata 'gimbal.settings'` };
  const read = RecipeSchema.safeParse(parseJson(text ?? 'null', source));
  return read.success && JSON.stringify(read.data) === JSON.stringify(settings);
}
