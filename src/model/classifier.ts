import type { ImageShape } from '../image/image.ts';
import type { Sources } from '../transform/gather.ts';
import type { Transformation } from '../transform/transformation.ts';

/** One input to classify: an image of the request, its pixel perturbation if any, and what is done to it, in order. */
export interface Trial {
  /** Position in the request's `images`. */
  readonly image: number;
  /** Added to the untransformed image; the sum is clipped to [0, 1]. CHW. */
  readonly perturbation?: Float32Array;
  /** What each pixel shows of the image, before the transformations: for inputs that no rounded angle stands for. */
  readonly sources?: Sources;
  /** Applied one after the other, each with its own resampling. Empty or `[identity]`: the image as it is. */
  readonly transformations: readonly Transformation[];
}

/** Images, and what of them is to be classified. */
export interface TrialRequest {
  /** Raw images in [0, 1], CHW, on shared memory where the platform has it. */
  readonly images: readonly Float32Array[];
  readonly trials: readonly Trial[];
}

/** Gradient of the cross-entropy at each trial. */
export interface TrialGradients {
  /** Raw model scores as log-probabilities up to a constant, [trials, classes]. */
  readonly logits: Float32Array;
  /**
   * By (tx in pixels, ty in pixels, angle in degrees) of the trial's last transformation, [trials, 3]; for `by:
   * 'transformation'`.
   */
  readonly transformation?: Float64Array;
  /** By the untransformed, perturbed image in raw pixel units, one array per trial; for `by: 'pixels'`. */
  readonly pixels?: readonly Float32Array[];
}

/**
 * A model with its preprocessing and the transformation before it: raw images and candidates in, logits out.
 * It holds no state between calls. Each trial's result depends on that trial alone (up to float rounding).
 */
export interface Classifier {
  /** Classes that labels may name; an extra class of the model (label offset) is already taken off. */
  readonly classes: number;
  /** Shape of the raw images that it takes. */
  readonly shape: ImageShape;
  /** Trials that run fastest together. */
  readonly batch: number;
  /**
   * The same number again where runs with fewer trials are filled up with rows that are thrown away; left out where a
   * run costs as much as its trials.
   */
  readonly filled?: number;
  /** How many calls may usefully be under way at once. */
  readonly parallelism: number;
  /** @returns [trials, classes]; NaN and infinities as the model gives them */
  logits(request: TrialRequest): Promise<Float32Array>;
  /**
   * Present where the model can be differentiated.
   * @param labels true class of each trial
   */
  gradients?(
    request: TrialRequest,
    labels: readonly number[],
    by: 'transformation' | 'pixels',
  ): Promise<TrialGradients>;
  close(): Promise<void>;
}
