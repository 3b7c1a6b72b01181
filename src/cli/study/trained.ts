import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { misuse } from '../../errors/error.ts';
import { METRICS_FILE } from '../../node/training/folder-store.ts';
import { MODEL_FILE } from '../../node/training/folder-store.ts';
import { sha256Of } from '../../node/sha256.ts';
import { readModel } from '../../onnx/read.ts';
import { type Hyperparameters, RecipeSchema } from '../../training/recipes/recipe.ts';
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
  if (metadata.get('gimbal.recipe') !== recipe || !sameSettings(metadata.get('gimbal.settings'), settings)) {
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
  const metrics = (await readFile(join(folder, METRICS_FILE), 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as EpochMetrics);
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

/** Whether a file's settings are these; one that an older version did not know has its default. */
function sameSettings(text: string | undefined, settings: Hyperparameters): boolean {
  const read = RecipeSchema.safeParse(JSON.parse(text ?? 'null'));
  return read.success && JSON.stringify(read.data) === JSON.stringify(settings);
}
