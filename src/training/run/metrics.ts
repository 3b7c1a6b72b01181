/**
 * Accuracies in [0, 1] on the held-out part of the training set, where a teacher stands in for labels those to expect;
 * absent where nothing is held out.
 */
export interface Standing {
  readonly natural?: number;
  readonly worstOf10?: number;
}

/** Weights a share of the way from those at the start to those of an epoch, and where the network stands with them. */
export interface Between extends Standing {
  readonly share: number;
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

/**
 * Standard error of what a state gained, of as many held-out images: binomial, as if of all images whose answers
 * changed none changed the other way.
 */
function errorOf({ natural = 0, worstOf10 = 0 }: Standing, baseline: Standing, images: number): number {
  const variance = (share: number): number => (share * (1 - share)) / images;
  const lost = Math.max(0, (baseline.natural ?? 0) - natural);
  const gained = Math.abs(worstOf10 - (baseline.worstOf10 ?? 0));
  return Math.sqrt(variance(gained) + PRICE_OF_NATURAL ** 2 * variance(lost));
}

/**
 * Whether the last of some epochs is to be kept rather than any before: where it is worth more than the model as it
 * came, and no more than one standard error of its own less than the best. Of many epochs one looks best by chance
 * alone, and the rate falls towards the end: the later of two that cannot be told apart has settled further. (The rule
 * of one standard error is that of Breiman et al., Classification and Regression Trees, 1984, for sizes of trees.)
 * @param epochs in order, on the same held-out images
 * @param allowedLoss in [0, 1]
 */
export function keepsLast(
  epochs: readonly (Standing & Pick<EpochMetrics, 'heldOut'>)[],
  baseline: Standing,
  allowedLoss: number,
): boolean {
  const worth = (standing: Standing): number => worthOf(standing, baseline, allowedLoss);
  const last = epochs[epochs.length - 1];
  const best = epochs.reduce((a, b) => (worth(b) > worth(a) ? b : a));
  return worth(last) > worth(baseline) && worth(last) >= worth(best) - errorOf(last, baseline, last.heldOut);
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
  /** Weights between those at the start and those of an epoch were measured. */
  | ({ readonly kind: 'between'; readonly share: number; readonly epoch: number } & Standing)
  | { readonly kind: 'checkpoint'; readonly step: number }
  | { readonly kind: 'notice'; readonly text: string };
