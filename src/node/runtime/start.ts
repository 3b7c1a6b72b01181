import { availableParallelism } from 'node:os';
import type { Classifier } from '../../model/classifier.ts';
import type { PreparedModel } from '../../model/prepared-model.ts';
import { type StartOptions, startClassifierOn } from '../../workers/start-classifier.ts';
import { startWorker } from './start-worker.ts';
import { withThreadRuntime } from './thread-runtime.ts';

export type { StartOptions };

/** Starts a classifier on worker threads; see `startClassifierOn`. */
export function startClassifier(prepared: PreparedModel, options: StartOptions = {}): Promise<Classifier> {
  const host = { cores: availableParallelism(), startWorker, tiles: true, withRuntime: withThreadRuntime };
  return startClassifierOn(host, prepared, options);
}
