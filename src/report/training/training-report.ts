import type { Made } from '../made.ts';
import type { Epoch } from '../../figures/training-curves.ts';

/** Everything that the report of a training run says. */
export interface TrainingReport {
  readonly recipe: string;
  /** Name of the training data. */
  readonly data: string;
  /** `3×32×32`. */
  readonly shape: string;
  readonly classes: number;
  /** Training images, those held out not counted. */
  readonly images: number;
  readonly parameters: number;
  /** Epochs of the whole run; as many as there are in `metrics` where it is finished. */
  readonly epochs: number;
  readonly metrics: readonly MeasuredEpoch[];
  /** Hyper-parameters by name. */
  readonly settings: readonly (readonly [string, string])[];
  /** Run that it began with. */
  readonly start?: string;
  /** The command that repeats it, where there is one. */
  readonly command?: string;
  readonly gimbal: string;
  readonly made?: Made;
}

export interface MeasuredEpoch extends Epoch {
  /** Learning rate of the last update. */
  readonly rate: number;
  readonly heldOut: number;
  readonly imagesPerSecond: number;
  readonly seconds: number;
}
