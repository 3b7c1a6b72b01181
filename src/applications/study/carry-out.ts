import { recipeNamed } from '../../training/recipes/index.ts';
import type { TrainingEvent } from '../../training/run/metrics.ts';
import type { EvaluationEvent } from '../evaluate/evaluation-event.ts';
import { completeRun, withKeptRun } from '../evaluate/kept-run.ts';
import { preparation } from '../evaluate/reading.ts';
import { openTrainingData } from '../train/open-training-data.ts';
import { trainRecipe } from '../train/train-recipe.ts';
import { TimeLeft } from './time-left.ts';
import { type Shortening, shorteningOf } from './fit-to-machine.ts';
import { finishedRun } from './finished-runs.ts';
import { savedResult, savedTraining } from './saved-results.ts';
import { type Stage, stagesOf } from './stages.ts';
import type { StudyEvent, StudyPlace } from './study-event.ts';
import { limitOf, partOptions, type StudyRequest } from './study-request.ts';
import { type ClassifierFile, trainedModel } from './trained-model.ts';

export interface StudyHooks {
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: StudyEvent) => void;
}

/** One stage at work: what it tells, and the estimate that it moves. */
interface Work {
  readonly request: StudyRequest;
  readonly left: TimeLeft;
  readonly signal: AbortSignal | undefined;
  readonly place: () => StudyPlace;
  readonly tell: (event: StudyEvent) => void;
}

/**
 * Trains and measures what of a study is not yet there. What was done stays, and the same call goes on from it.
 * @returns whether it came to its end, or was asked to stop
 */
export async function carryOut(asked: StudyRequest, { signal, onEvent }: StudyHooks = {}): Promise<boolean> {
  const stages = stagesOf(asked.study, asked.only);
  const left = new TimeLeft(
    stages.map(({ share }) => share),
    asked.platform.clock,
  );
  const firstMeasured = stages.findIndex(({ kind }) => kind === 'measure');
  let request = asked;
  let untold: Shortening | undefined;
  for (const [i, stage] of stages.entries()) {
    if (signal?.aborted) return false;
    if (i === firstMeasured) untold = await shorteningOf(asked);
    if (i === firstMeasured && untold !== undefined) {
      request = { ...asked, limit: untold.images };
      left.scale((other) => stages[other].kind === 'measure', untold.share);
    }
    const place = (): StudyPlace => ({ stage: i + 1, stages: stages.length, secondsLeft: left.seconds });
    const work: Work = { request, left, signal, place, tell: (event) => onEvent?.(event) };
    const isThere = await isDone(request, stage);
    if (!isThere) {
      if (untold !== undefined) work.tell({ kind: 'shortened', ...untold, place: place() });
      untold = undefined;
      work.tell({ kind: 'stage', stage, place: place() });
      if (!(await (stage.kind === 'train' ? trainStage(work, stage) : measureStage(work, stage)))) return false;
    }
    left.next(isThere);
  }
  return true;
}

async function isDone(request: StudyRequest, stage: Stage): Promise<boolean> {
  const trained = await trainedModel(request, stage.classifier);
  if (trained === undefined || stage.kind === 'train') return trained !== undefined;
  return (
    (await finishedRun(request, stage.row, stage.part, trained)) !== undefined ||
    (request.missingOnly === true && (await hasSavedResult(request, stage, trained)))
  );
}

/** Whether a part has a saved result, measured on as many images with this very model. */
async function hasSavedResult(
  request: StudyRequest,
  { classifier, row, part }: Stage & { kind: 'measure' },
  { sha256 }: ClassifierFile,
): Promise<boolean> {
  const training = await savedTraining(request, classifier);
  if (training?.model.sha256 !== sha256) return false;
  const saved = await savedResult(request, row, part, training);
  const { limit = Infinity } = (saved?.options ?? {}) as { limit?: number };
  return saved !== undefined && limit >= (limitOf(request, part) ?? Infinity);
}

async function trainStage({ request, left, signal, place, tell }: Work, { classifier }: Stage): Promise<boolean> {
  const { platform, changes, threads, device, out, command } = request;
  const { exclude: _, ...options } = request.reading ?? {}; // what is left out are test images
  const data = await openTrainingData(
    platform,
    { ...options, data: request.data, split: 'train', decoders: threads },
    undefined,
    signal,
  );
  let resumedAt = 0;
  const onEvent = (event: TrainingEvent): void => {
    if (event.kind === 'start') resumedAt = event.resumedAt;
    if (event.kind === 'step') left.at(event.step / event.steps, resumedAt / event.steps);
    tell({ kind: 'training', event, place: place() });
  };
  try {
    const { model } = await trainRecipe(platform, {
      recipe: recipeNamed(classifier.recipe),
      changes,
      data,
      dataPath: request.data,
      preparation: preparation(options),
      out: platform.files.join(out, classifier.name),
      threads,
      device,
      command,
      signal,
      onEvent,
    });
    return model !== undefined;
  } finally {
    await data.close();
  }
}

async function measureStage(
  { request, left, signal, place, tell }: Work,
  { classifier, row, part }: Stage & { kind: 'measure' },
): Promise<boolean> {
  const { platform, command } = request;
  const trained = (await trainedModel(request, classifier)) as ClassifierFile;
  const onEvent = (event: EvaluationEvent): void => {
    if (event.kind === 'progress') {
      const { done, total, doneBefore } = event.progress;
      left.at(done / total, doneBefore / total);
    }
    tell({ kind: 'evaluation', event, place: place() });
  };
  const hooks = { signal, onEvent };
  try {
    await withKeptRun(platform, partOptions(request, row, part, trained.path), command, hooks, (run) =>
      completeRun(run, hooks),
    );
    return true;
  } catch (error) {
    if (signal?.aborted && (error as Error).name === 'AbortError') return false;
    throw error;
  }
}
