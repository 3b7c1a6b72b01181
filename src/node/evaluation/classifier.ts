import type { Classifier } from '../../model/classifier.ts';
import { startClassifier } from '../runtime/start.ts';
import type { Run } from './run.ts';

/** Starts a run's classifier as its options say. */
export function startRunClassifier({ model, options }: Pick<Run, 'model' | 'options'>): Promise<Classifier> {
  const { padding, convention, threads, batch, device } = options;
  return startClassifier(model.prepared, { warp: { padding, convention }, threads, batch, device });
}
