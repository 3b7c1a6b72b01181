import { givenOf, optionsOf, type RequestOf } from '../../options/request.ts';
import { type TrainOptions, trainSchema } from '../../options/train-options.ts';
import { DEFAULT_RECIPE, recipeNamed } from '../../training/recipes/index.ts';
import type { Recipe } from '../../training/recipes/recipe.ts';
import type { EpochMetrics, TrainingEvent } from '../../training/run/metrics.ts';
import { preparation } from '../evaluate/reading.ts';
import type { Platform } from '../platform.ts';
import { classesOfStart } from './classes-of-start.ts';
import { openTrainingData } from './open-training-data.ts';
import { type TrainedModel, trainRecipe } from './train-recipe.ts';
import { wordsOfAll } from '../../errors/option-words.ts';

/** The options of `gimbal train` by the names of their flags; docs/command-options.md explains them. */
export type TrainRequest = RequestOf<TrainOptions, 'data' | 'out'> & {
  /** Called as the work goes on: updates, epochs, notices. */
  readonly onEvent?: (event: TrainingEvent) => void;
  /** Stops it; the promise then rejects with the signal's reason. The same call goes on later. */
  readonly signal?: AbortSignal;
};

/** A trained model, and how its training went. */
export interface Trained {
  /** Path of the ONNX file. */
  readonly model: string;
  /** After each epoch; accuracies on the held-out images, in [0, 1]. */
  readonly metrics: readonly EpochMetrics[];
}

/**
 * What `gimbal train` does, on any platform: trains a network by a recipe, in a run folder.
 *
 * @throws GimbalError of kind `misuse` for options or data that are at fault; of kind `failure` where training
 *   diverged; the signal's reason
 */
export async function trainOn(platform: Platform, request: TrainRequest): Promise<Trained> {
  const { onEvent, signal, ...given } = request;
  const options = optionsOf(trainSchema, given);
  const command = `train(${JSON.stringify(givenOf(given))})`;
  const { model, metrics } = await trainByOptions(platform, options, { command, signal, onEvent });
  signal?.throwIfAborted();
  if (model === undefined) throw new Error('internal: a training that nobody stopped came to no end');
  return { model, metrics };
}

export interface TrainHooks {
  /** How to repeat it, for people. */
  readonly command: string;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: TrainingEvent) => void;
}

/** @returns without a model where the signal stopped it */
export async function trainByOptions(
  platform: Platform,
  given: TrainOptions,
  { command, signal, onEvent }: TrainHooks,
): Promise<TrainedModel> {
  const { out, from, device } = given;
  const recipe = recipeNamed(given.recipe ?? DEFAULT_RECIPE);
  const options = sized(given, recipe, (text) => onEvent?.({ kind: 'notice', text }));
  const start = from === undefined ? undefined : await classesOfStart(platform.files, from);
  const threads = options.threads ?? platform.machine.cores;
  const data = await openTrainingData(platform, { ...options, decoders: threads }, start, signal);
  try {
    data.notes?.forEach((text) => onEvent?.({ kind: 'notice', text }));
    return await trainRecipe(platform, {
      recipe,
      changes: options.set,
      adapt: true,
      data,
      dataPath: options.data,
      preparation: preparation(options),
      out,
      from,
      threads,
      device,
      command,
      signal,
      onEvent,
    });
  } finally {
    await data.close();
  }
}

/** The options, with the recipe's way of bringing images to size where they tell none. */
function sized(options: TrainOptions, { geometry }: Recipe, tell: (notice: string) => void): TrainOptions {
  const { resize, crop } = options;
  if (geometry === undefined || resize !== undefined || crop !== undefined) return options;
  tell(`images: ${wordsOfAll({ resize: geometry.resize, crop: geometry.crop })}, as the recipe was written for.`);
  return { ...options, ...geometry };
}
