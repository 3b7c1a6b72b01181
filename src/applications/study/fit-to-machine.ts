import { chosenClassifiers, type Study } from '../../studies/study.ts';
import { largestOf } from '../../statistics/extremes.ts';
import { stagesOf } from './stages.ts';
import type { StudyRequest } from './study-request.ts';
import { trainedModel } from './trained-model.ts';

/** What is done where a study would take longer than it is to. */
export interface Shortening {
  /** Seconds that the whole would take. */
  readonly seconds: number;
  /** Images that its parts are measured on. */
  readonly images: number;
  /** The same as a share of what the study says. */
  readonly share: number;
}

/** Below so many images the intervals of rows are too wide to tell them apart. */
const FEWEST_IMAGES = 60;
const ROUND = 10;

/**
 * A study with a time of its own measures on fewer images where the machine would take longer. How fast the machine is
 * follows from the training of the first classifier: its seconds stand in its `metrics.jsonl`, so a study that goes on
 * is shortened as it was when it began. A limit that was asked for stays.
 */
export async function shorteningOf(request: StudyRequest): Promise<Shortening | undefined> {
  const { study, limit, only } = request;
  const [first] = chosenClassifiers(study, only);
  if (study.seconds === undefined || limit !== undefined) return undefined;
  const trained = await trainedModel(request, first);
  return trained && shortened(study, only, sum(trained.epochs.map(({ seconds }) => seconds)));
}

/**
 * @param only names of classifiers; all where it is empty
 * @param taken seconds that the training of the first of them took
 */
export function shortened(study: Study, only: readonly string[], taken: number): Shortening | undefined {
  const stages = stagesOf(study, only);
  const sharesOf = (kind: 'train' | 'measure'): number =>
    sum(stages.map((stage) => (stage.kind === kind ? (stage.share ?? 0) : 0)));
  const whole = largestOf(stages.map((stage) => (stage.kind === 'measure' ? (stage.part.limit ?? 0) : 0)));
  const secondsAShare = taken / (stages[0]?.share ?? Infinity);
  const seconds = secondsAShare * (sharesOf('train') + sharesOf('measure'));
  if (study.seconds === undefined || seconds <= study.seconds) return undefined;
  const left = study.seconds / secondsAShare - sharesOf('train');
  const fitting = ROUND * Math.floor((whole * left) / sharesOf('measure') / ROUND);
  const images = Math.max(FEWEST_IMAGES, fitting);
  return images < whole ? { seconds, images, share: images / whole } : undefined;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);
