import { nodePlatform } from '../../node/platform.ts';
import { join } from 'node:path';
import type { EvaluationResult } from '../../evaluation/records.ts';
import { preparation } from '../../applications/evaluate/reading.ts';
import { openTrainingData } from '../../applications/train/open-training-data.ts';
import { trainRecipe } from '../../applications/train/train-recipe.ts';
import { recipeNamed } from '../../training/recipes/index.ts';
import { resolveRecipe } from '../../training/recipes/recipe.ts';
import type { TrainingEvent } from '../../training/run/metrics.ts';
import { finishRun, withRun } from '../evaluate/evaluate-model.ts';
import type { Terminal } from '../terminal.ts';
import { trainingDisplay } from '../train/training-display.ts';
import { Clock } from './clock.ts';
import { savedPart } from './saved.ts';
import { savedResult, savedTraining } from './shipped.ts';
import { stageTerminal } from './stage-terminal.ts';
import { describeStage, type Stage, stagesOf } from './stages.ts';
import { limitOf, partOptions, type StudyRequest } from './study-request.ts';
import { type Trained, trainedModel } from './trained.ts';

/**
 * Trains and measures what of a study is not yet there. What was done stays, and the same call goes on from it.
 * @returns whether it came to its end, or was asked to stop
 */
export async function carryOut(request: StudyRequest, terminal: Terminal, signal: AbortSignal): Promise<boolean> {
  const stages = stagesOf(request.study, request.only);
  const clock = new Clock(stages.map(({ share }) => share));
  for (const [i, stage] of stages.entries()) {
    if (signal.aborted) return false;
    const staged = stageTerminal(terminal, () => ({
      number: i + 1,
      of: stages.length,
      secondsLeft: clock.secondsLeft,
    }));
    const finished = await isDone(request, stage);
    if (!finished) {
      if (!request.quiet) staged.error(`${describeStage(stage)}\n`);
      const done =
        stage.kind === 'train'
          ? await trainStage(request, stage, staged, clock, signal)
          : await measureStage(request, stage, staged, clock, signal);
      if (!done) return false;
    }
    clock.next(finished);
  }
  return true;
}

async function isDone(request: StudyRequest, stage: Stage): Promise<boolean> {
  const trained = await trainedOf(request, stage.classifier);
  if (trained === undefined || stage.kind === 'train') return trained !== undefined;
  return (
    (await savedPart(request, stage.row, stage.part, trained)) !== undefined ||
    (request.missingOnly === true && (await isTold(request, stage, trained)))
  );
}

/** Whether the saved results tell of a part, measured on as many images with this very model. */
async function isTold(
  request: StudyRequest,
  { classifier, row, part }: Stage & { kind: 'measure' },
  { sha256 }: Trained,
): Promise<boolean> {
  const training = await savedTraining(request, classifier);
  if (training?.model.sha256 !== sha256) return false;
  const told = await savedResult(request, row, part, training);
  const { limit = Infinity } = (told?.options ?? {}) as { limit?: number };
  return told !== undefined && limit >= (limitOf(request, part) ?? Infinity);
}

/** The finished model of a classifier of the study, or `undefined`. */
export function trainedOf(
  { out, changes }: StudyRequest,
  { name, recipe }: Stage['classifier'],
): Promise<Trained | undefined> {
  return trainedModel(join(out, name), recipe, resolveRecipe(recipeNamed(recipe), changes));
}

async function trainStage(
  request: StudyRequest,
  { classifier }: Stage,
  terminal: Terminal,
  clock: Clock,
  signal: AbortSignal,
): Promise<boolean> {
  const { changes, threads, device, out, quiet, command } = request;
  const { exclude: _, ...options } = request.reading ?? {}; // what is left out are test images
  const data = await openTrainingData(
    nodePlatform,
    { ...options, data: request.data, split: 'train' },
    undefined,
    signal,
  );
  const display = trainingDisplay(terminal);
  let resumedAt = 0;
  const onEvent = (event: TrainingEvent): void => {
    if (event.kind === 'start') resumedAt = event.resumedAt;
    if (event.kind === 'step') clock.at(event.step / event.steps, resumedAt / event.steps);
    if (!quiet) display.listener(event);
  };
  try {
    const { model } = await trainRecipe(nodePlatform, {
      recipe: recipeNamed(classifier.recipe),
      changes,
      data,
      dataPath: request.data,
      preparation: preparation(options),
      out: join(out, classifier.name),
      resume: true,
      threads,
      device,
      command,
      signal,
      onEvent,
    });
    return model !== undefined;
  } finally {
    display.end();
    await data.close();
  }
}

async function measureStage(
  request: StudyRequest,
  stage: Stage & { kind: 'measure' },
  terminal: Terminal,
  clock: Clock,
  signal: AbortSignal,
): Promise<boolean> {
  const trained = (await trainedOf(request, stage.classifier)) as Trained;
  const options = partOptions(request, stage.row, stage.part, trained.path);
  const result = await withRun(
    options,
    request.command,
    terminal,
    signal,
    (run): Promise<EvaluationResult | undefined> =>
      finishRun(run, terminal, signal, ({ done, total, doneBefore }) => clock.at(done / total, doneBefore / total)),
  );
  return result !== undefined;
}
