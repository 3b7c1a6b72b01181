import type { GimbalError, Issue } from '../errors/error.ts';
import type { ImageShape } from '../image/image.ts';
import type { Trial, TrialGradients, TrialRequest } from '../model/classifier.ts';
import type { ProbedDescription } from '../model/description.ts';
import type { GradientModel } from '../model/gradient-model.ts';
import type { Preprocessing } from '../model/preprocessing.ts';
import type { ModelFile } from '../runtime/model-file.ts';
import type { Device } from '../runtime/runtime.ts';
import type { Sources } from '../transform/gather.ts';
import type { WarpSettings } from '../transform/warp.ts';

/** What a worker is started with. */
export interface WorkerSetup {
  /** The model's file, on shared memory. */
  readonly model: ModelFile;
  readonly description: ProbedDescription;
  readonly preprocessing: Preprocessing;
  readonly shape: ImageShape;
  readonly warp: WarpSettings;
  readonly batch: number;
  /** Least images in one run for scores. */
  readonly fewest: number;
  readonly device: Device;
  /** Of a session. */
  readonly threads: number;
  /** Whether a further copy of the weights is to be spared. */
  readonly isLarge: boolean;
}

/**
 * Some trials of a request in a few flat arrays, which cross to another thread in one piece; images on shared memory
 * cross without a copy.
 */
export interface PackedRequest {
  readonly images: readonly Float32Array[];
  readonly perturbations: readonly Float32Array[];
  readonly sources: readonly Sources[];
  /** For each trial: image, perturbation or -1, sources or -1, number of transformations. */
  readonly trials: Int32Array;
  /** tx, ty, angle of all transformations of all trials. */
  readonly transformations: Float64Array;
}

export type Job =
  | { readonly kind: 'logits'; readonly request: PackedRequest }
  | {
      readonly kind: 'gradients';
      readonly request: PackedRequest;
      readonly labels: readonly number[];
      readonly by: 'transformation' | 'pixels';
      readonly model: GradientModel;
    }
  | { readonly kind: 'close' };

/** `id` is the job's. */
export type Message = Job & { readonly id: number };

export type WorkerReply =
  | { readonly id: number; readonly logits: Float32Array }
  | { readonly id: number; readonly gradients: TrialGradients }
  | { readonly id: number; readonly error: TransportedError };

/** Errors lose their class on the way between threads. */
export interface TransportedError {
  readonly kind: GimbalError['kind'] | 'bug';
  readonly issue?: Issue;
  readonly message: string;
  readonly stack?: string;
}

/** Numbers of a trial in `PackedRequest.trials`. */
const PER_TRIAL = 4;

/** Packs `request.trials[from … to)` with just the images that they use. */
export function packRequest(request: TrialRequest, from: number, to: number): PackedRequest {
  const images: Float32Array[] = [];
  const positions = new Map<number, number>();
  const perturbations: Float32Array[] = [];
  // Trials of many images share what their pixels show.
  const sources = new Map<Sources, number>();
  const trials = new Int32Array((to - from) * PER_TRIAL);
  const transformations: number[] = [];
  for (let i = from; i < to; i++) {
    const { image, perturbation, sources: shown, transformations: list } = request.trials[i];
    let position = positions.get(image);
    if (position === undefined) {
      position = images.push(request.images[image]) - 1;
      positions.set(image, position);
    }
    if (shown !== undefined && !sources.has(shown)) sources.set(shown, sources.size);
    trials.set(
      [
        position,
        perturbation === undefined ? -1 : perturbations.push(perturbation) - 1,
        shown === undefined ? -1 : sources.get(shown)!,
        list.length,
      ],
      (i - from) * PER_TRIAL,
    );
    for (const { tx, ty, angle } of list) transformations.push(tx, ty, angle);
  }
  return {
    images,
    perturbations,
    sources: [...sources.keys()],
    trials,
    transformations: Float64Array.from(transformations),
  };
}

export function unpackRequest({
  images,
  perturbations,
  sources,
  trials,
  transformations,
}: PackedRequest): TrialRequest {
  const list: Trial[] = [];
  for (let i = 0, t = 0; i < trials.length; i += PER_TRIAL) {
    const own = Array.from({ length: trials[i + 3] }, (_, k) => ({
      tx: transformations[t + 3 * k],
      ty: transformations[t + 3 * k + 1],
      angle: transformations[t + 3 * k + 2],
    }));
    t += 3 * own.length;
    list.push({
      image: trials[i],
      perturbation: perturbations[trials[i + 1]],
      sources: sources[trials[i + 2]],
      transformations: own,
    });
  }
  return { images, trials: list };
}
