import type { Model } from '../onnx/graph.ts';
import type { ModelFile } from '../runtime/model-file.ts';
import type { ProbedDescription } from './description.ts';
import type { Preprocessing } from './preprocessing.ts';
import type { ModelHints } from './sidecar.ts';

/** A model that is known to run, and how to feed and read it. */
export interface PreparedModel {
  /** The file to run: the user's own, or one that gives the same scores and suits us better. */
  readonly bytes: ModelFile;
  /** What `bytes` hold. */
  readonly model: Model;
  /** Of `model`. */
  readonly description: ProbedDescription;
  readonly preprocessing: Preprocessing;
  /** All that was said about the model: by its metadata, its sidecar file and the user. */
  readonly hints: ModelHints;
  /** Sentences about what was found and done, for people. */
  readonly notes: readonly string[];
  /** Sentences that people should know before they believe a result. */
  readonly warnings: readonly string[];
}
