import type { EvaluationEvent } from '../evaluate/evaluation-event.ts';
import type { TrainingEvent } from '../../training/run/metrics.ts';
import type { Shortening } from './fit-to-machine.ts';
import type { Stage } from './stages.ts';

/** How far a study is. */
export interface StudyPlace {
  /** The stage that it is at, from 1 on. */
  readonly stage: number;
  readonly stages: number;
  /** Until all stages are done; `undefined` where nothing tells yet. */
  readonly secondsLeft?: number;
}

/** What a study tells its listeners while it is carried out. Stages that are done already tell nothing. */
export type StudyEvent = { readonly place: StudyPlace } & (
  | { readonly kind: 'stage'; readonly stage: Stage }
  /** The study is measured on fewer images than it says, since the whole would take so many seconds here. */
  | ({ readonly kind: 'shortened' } & Shortening)
  | { readonly kind: 'training'; readonly event: TrainingEvent }
  | { readonly kind: 'evaluation'; readonly event: EvaluationEvent }
);
