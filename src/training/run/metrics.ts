/**
 * Accuracies in [0, 1] on the held-out part of the training set, where a teacher stands in for labels those to expect;
 * absent where nothing is held out.
 */
export interface Standing {
  readonly natural?: number;
  readonly worstOf10?: number;
}

/** How much a lost point of natural accuracy beyond what may be lost weighs against one of robustness. */
const PRICE_OF_NATURAL = 3;

/**
 * What a state is worth: its worst-of-10 accuracy, less what its natural accuracy fell beyond the allowed loss, times
 * three.
 * @param allowedLoss in [0, 1]
 */
export function worthOf({ natural = 0, worstOf10 = 0 }: Standing, baseline: Standing, allowedLoss: number): number {
  return worstOf10 - PRICE_OF_NATURAL * Math.max(0, (baseline.natural ?? 0) - allowedLoss - natural);
}

/** One line of `metrics.jsonl`: where a run stood at the end of an epoch. */
export interface EpochMetrics extends Standing {
  /** From 1. */
  readonly epoch: number;
  /** Updates done. */
  readonly step: number;
  /** Mean training loss of the epoch. */
  readonly loss: number;
  /** Learning rate of the epoch's last update. */
  readonly rate: number;
  readonly heldOut: number;
  /** Training images an update saw (candidates not counted) per second of the epoch. */
  readonly imagesPerSecond: number;
  /** Wall-clock seconds of the epoch: with the rate above the only figures that differ between equal runs. */
  readonly seconds: number;
}

/** What a running training tells its listeners. */
export type TrainingEvent =
  | {
      readonly kind: 'start';
      readonly steps: number;
      readonly epochs: number;
      readonly parameters: number;
      readonly images: number;
      readonly resumedAt: number;
    }
  | {
      readonly kind: 'step';
      readonly step: number;
      readonly steps: number;
      readonly epoch: number;
      readonly loss: number;
      readonly rate: number;
      readonly imagesPerSecond: number;
      readonly secondsLeft: number;
    }
  | { readonly kind: 'epoch'; readonly metrics: EpochMetrics; readonly epochs: number }
  | ({ readonly kind: 'baseline' } & Standing)
  | { readonly kind: 'checkpoint'; readonly step: number }
  | { readonly kind: 'notice'; readonly text: string };
