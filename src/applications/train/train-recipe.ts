import type { ConversionOptions } from '../../data/conversion.ts';
import type { ImageSource } from '../../data/source.ts';
import { misuse } from '../../errors/error.ts';
import { optionWords } from '../../errors/option-words.ts';
import { describeShape } from '../../image/image.ts';
import { writeModel } from '../../onnx/write.ts';
import { inferenceModel } from '../../training/export/inference-model.ts';
import type { EpochMetrics, TrainingEvent } from '../../training/run/metrics.ts';
import { heldOutIndices } from '../../training/batches/order.ts';
import { adaptRecipe } from '../../training/recipes/adapt.ts';
import { resolveRecipe, settingsNamed, type Recipe } from '../../training/recipes/recipe.ts';
import { train } from '../../training/run/train.ts';
import type { Input } from '../../ports/folders.ts';
import type { Platform } from '../platform.ts';
import type { Device } from '../../runtime/runtime.ts';
import { MODEL_FILE } from './training-files.ts';
import { readStart } from './read-start.ts';
import { claimTrainingFolder, trainingMade, writeTrainingConfig } from './training-folder.ts';
import { writeTrainingReport } from './write-training-report.ts';

export interface TrainRecipeOptions {
  readonly recipe: Recipe;
  /** `key=value`, on top of the recipe. */
  readonly changes?: readonly string[];
  readonly data: ImageSource;
  /** Where the data lie, which is never written over. */
  readonly dataPath?: string;
  /** How `data` was told to prepare its images. */
  readonly preparation?: ConversionOptions;
  /** Fit the recipe to few images, where they are not those that it was written for. */
  readonly adapt?: boolean;
  /** Run folder: `checkpoint.bin`, `metrics.jsonl`, `config.json`, `report.html` and, at the end, `model.onnx`. */
  readonly out: string;
  /** Run folder of a finished training, or a checkpoint: begin with its weights. */
  readonly from?: string;
  readonly threads: number;
  /** Where the updates run. Default: cpu. */
  readonly device?: Device;
  /** How the run can be repeated, for its report. */
  readonly command?: string;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: TrainingEvent) => void;
}

export interface TrainedModel {
  /** Path of the ONNX file; undefined where the signal stopped the run before its end. */
  readonly model?: string;
  readonly metrics: readonly EpochMetrics[];
}

/**
 * Trains a recipe in a run folder, or goes on with the same training that lies there.
 * @throws misuse `run-exists` where the folder holds a trained model alone; whatever `train` and the reading of
 *   `from` throw
 */
export async function trainRecipe(platform: Platform, options: TrainRecipeOptions): Promise<TrainedModel> {
  const { files, folders, machine, runtime } = platform;
  const { recipe, changes = [], data, preparation, out, threads, signal, onEvent } = options;
  const resolved = resolveRecipe(recipe, changes);
  const { settings, notes } = options.adapt
    ? adaptRecipe(resolved, settingsNamed(changes), data, recipe.side)
    : { settings: resolved, notes: [] };
  notes.forEach((text) => onEvent?.({ kind: 'notice', text }));
  const start = options.from === undefined ? undefined : await readStart(files, options.from);
  await claimTrainingFolder(platform, out, inputsOf(options));
  const store = platform.trainingStore(out);
  const unlock = await folders.lock(out);
  try {
    const begun = (await store.load()) !== undefined;
    if (!begun && (await files.kindOf(files.join(out, MODEL_FILE))) !== undefined) {
      throw misuse({
        code: 'run-exists',
        subject: out,
        problem: `it holds a trained ${MODEL_FILE}, and no checkpoint from which to go on.`,
        advice: `Give another ${optionWords('out')}.`,
      });
    }
    // Of a run that goes on it stays: the run may be refused, as another than that in the folder.
    if (!begun)
      await writeTrainingConfig(files, out, {
        ...(await machine.origin()),
        command: options.command,
        recipe: recipe.name,
        settings,
        data: { name: data.name, fingerprint: data.fingerprint, classNames: data.classNames, ...preparation },
        start: start?.sha256,
        device: options.device ?? 'cpu',
        threads,
      });
    const { network, state, finished, metrics } = await train({
      recipe: recipe.name,
      settings,
      data,
      preparation,
      runtime,
      store,
      clock: platform.clock,
      threads,
      device: options.device,
      start,
      signal,
      onEvent,
    });
    if (metrics.length > 0) {
      await writeTrainingReport(platform, out, {
        recipe: recipe.name,
        data: data.name,
        shape: describeShape(data.shape),
        classes: data.classes,
        images: data.length - settings.heldOut,
        parameters: network.layout.total,
        epochs: settings.epochs,
        metrics,
        settings: Object.entries(settings).map(([name, value]) => [name, String(value)]),
        start: options.from,
        command: options.command,
        gimbal: machine.version,
        made: await trainingMade(files, out),
      });
    }
    if (!finished) return { metrics };
    const model = files.join(out, MODEL_FILE);
    await files.write(
      model,
      writeModel(
        inferenceModel(network, state, {
          recipe: recipe.name,
          settings,
          data: data.name,
          fingerprint: data.fingerprint,
          heldOut: heldOutIndices(data, settings),
          classNames: data.classNames,
          metrics,
          geometry: preparation,
        }),
      ),
    );
    return { model, metrics };
  } finally {
    await unlock();
  }
}

/** What a training run reads and must not write over. */
function inputsOf({ from, dataPath }: TrainRecipeOptions): Input[] {
  return [
    ...(from === undefined ? [] : [{ what: `the run of ${optionWords('from')}`, path: from }]),
    ...(dataPath === undefined ? [] : [{ what: 'the data', path: dataPath }]),
  ];
}
