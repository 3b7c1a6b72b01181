import type { Classifier } from '../../model/classifier.ts';
import { startRunClassifier } from './classifier.ts';
import type { Run } from './run.ts';

/** The classifier of a run's report, which is started when something asks it first. */
export interface ReportClassifier {
  /** @returns `undefined` once the run is asked to stop, also where that happens meanwhile */
  ask<T>(question: (classifier: Classifier) => Promise<T>): Promise<T | undefined>;
  close(): Promise<void>;
}

export function reportClassifier(run: Run, signal?: AbortSignal): ReportClassifier {
  const stopped = (): boolean => signal?.aborted === true;
  let classifier: Promise<Classifier> | undefined;
  return {
    async ask(question) {
      if (stopped()) return undefined;
      classifier ??= startRunClassifier(run, signal);
      try {
        return await question(await classifier);
      } catch (error) {
        if (stopped()) return undefined;
        throw error;
      }
    },
    async close() {
      await (await classifier?.catch(() => undefined))?.close();
    },
  };
}
