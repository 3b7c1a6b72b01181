import { join } from 'node:path';
import { visible } from '../../errors/visible.ts';
import { preparation } from '../../applications/evaluate/reading.ts';
import { classesOfStart } from '../../applications/train/classes-of-start.ts';
import { openTrainingData } from '../../applications/train/open-training-data.ts';
import { trainRecipe } from '../../applications/train/train-recipe.ts';
import { TRAINING_REPORT_FILE } from '../../applications/train/training-files.ts';
import { nodePlatform } from '../../node/platform.ts';
import type { TrainOptions } from '../../options/train-options.ts';
import { DEFAULT_RECIPE, recipeNamed } from '../../training/recipes/index.ts';
import { percent } from '../format.ts';
import { INTERRUPTED } from '../interrupt.ts';
import type { Terminal } from '../terminal.ts';
import { trainingDisplay } from './training-display.ts';

/** Options, with what has no fixed default filled in. */
export interface TrainFlags extends TrainOptions {
  readonly threads: number;
}

/** Trains and says where the model is. @returns exit code */
export async function runTraining(
  name: string | undefined,
  flags: TrainFlags,
  command: string,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const recipe = recipeNamed(name ?? DEFAULT_RECIPE);
  const start = flags.from === undefined ? undefined : await classesOfStart(nodePlatform.files, flags.from);
  const data = await openTrainingData(nodePlatform, flags, start, signal);
  const display = trainingDisplay(terminal);
  try {
    if (!flags.quiet) data.notes?.forEach((note) => terminal.error(`${visible(note)}\n`));
    const { model, metrics } = await trainRecipe(nodePlatform, {
      recipe,
      changes: flags.set,
      adapt: true,
      data,
      dataPath: flags.data,
      preparation: preparation(flags),
      out: flags.out,
      from: flags.from,
      threads: flags.threads,
      device: flags.device,
      command,
      signal,
      onEvent: flags.quiet ? undefined : display.listener,
    });
    display.end();
    if (metrics.length > 0) terminal.error(`Report: ${join(flags.out, TRAINING_REPORT_FILE)}\n`);
    if (model === undefined) {
      terminal.error(`Stopped. The same command goes on from there: ${command}\n`);
      return INTERRUPTED;
    }
    const last = metrics.at(-1);
    if (last?.natural !== undefined && last.worstOf10 !== undefined) {
      terminal.out(
        `natural ${percent(last.natural, 1)}, worst of 10 ${percent(last.worstOf10, 1)} on ${last.heldOut} ` +
          `held-out training images\n`,
      );
    }
    terminal.out(`${model}\n`);
    return 0;
  } finally {
    display.end();
    await data.close();
  }
}
