import type { NetworkState } from '../network/trainable.ts';
import type { FrozenModel } from '../step/frozen-model.ts';

/** Updates of one epoch, one after the other. */
export interface Updates {
  /** In the data, of the batches one after the other. */
  readonly positions: Uint32Array;
  /** Number of the first of these updates in the run, from 0. */
  readonly step: number;
  /** From 0. */
  readonly epoch: number;
}

/** Moves a run's weights. */
export interface Updater {
  /** Most updates carried out in one go. */
  readonly stride: number;
  /**
   * Carries out one update after the other, `stride` at most.
   * @param following what will be asked for next, if that is known: it may be prepared meanwhile
   * @returns the mean loss of each, up to the first that is no number; that update does not touch the weights
   */
  advance(updates: Updates, following?: Updates): Promise<readonly number[]>;
  /**
   * Works with the network that the run would give away now, and with its teacher where it has one.
   * @param state in place of the run's own
   */
  measure<T>(
    work: (model: Pick<FrozenModel, 'logits'>, teacher?: Pick<FrozenModel, 'logits'>) => Promise<T>,
    state?: NetworkState,
  ): Promise<T>;
  release(): Promise<void>;
}
