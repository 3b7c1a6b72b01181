import {
  chosenClassifiers,
  partsOf,
  type StudyPart,
  type Study,
  type StudyRow,
  type TrainedClassifier,
} from '../../studies/study.ts';

/** One piece of a study's work. */
export type Stage =
  | { readonly kind: 'train'; readonly classifier: TrainedClassifier; readonly share?: number }
  | {
      readonly kind: 'measure';
      readonly classifier: TrainedClassifier;
      readonly row: StudyRow;
      readonly part: StudyPart;
      readonly share?: number;
    };

/**
 * The work in its order: each classifier is trained and then measured, so that results come early.
 * @param only names of classifiers; all where it is empty
 */
export function stagesOf(study: Study, only: readonly string[]): Stage[] {
  return chosenClassifiers(study, only).flatMap((classifier): Stage[] => [
    { kind: 'train', classifier, share: classifier.share },
    ...partsOf(study, classifier).map(({ row, part }): Stage => ({
      kind: 'measure',
      classifier,
      row,
      part,
      share: part.share,
    })),
  ]);
}

/** `training standard`, `attacking robust + vote`. */
export function describeStage(stage: Stage): string {
  return stage.kind === 'train'
    ? `training ${stage.classifier.name} (${stage.classifier.recipe})`
    : `attacking ${stage.row.title}: ${stage.part.attacks.join(', ')}`;
}
