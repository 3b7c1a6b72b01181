import type { Outcome, Probe, Worst } from './attack.ts';

/**
 * Keeps the worst of the candidates offered: a misclassified one beats a correct one, among equals the higher
 * cross-entropy wins, ties go to the earlier candidate, in whatever order they are offered. Training applies the rule
 * to whole batches (training/objectives/candidates.ts).
 */
export class WorstTracker {
  readonly #label: number;
  #worst: Worst | undefined;
  #candidate = -1;
  fooling = 0;
  tried = 0;

  constructor(label: number) {
    this.#label = label;
  }

  offer(probe: Probe, outcome: Outcome): void {
    const fooled = outcome.predicted !== this.#label;
    this.tried++;
    if (fooled) this.fooling++;
    if (this.#worst !== undefined && !this.#beats(fooled, outcome.loss, probe.candidate)) return;
    this.#worst = {
      predicted: outcome.predicted,
      loss: outcome.loss,
      transformation: probe.transformation,
      perturbation: probe.perturbation,
    };
    this.#candidate = probe.candidate;
  }

  #beats(fooled: boolean, loss: number, candidate: number): boolean {
    const worst = this.#worst as Worst;
    const worstFooled = worst.predicted !== this.#label;
    if (fooled !== worstFooled) return fooled;
    return loss > worst.loss || (loss === worst.loss && candidate < this.#candidate);
  }

  /** Whether something fooled. */
  get fooled(): boolean {
    return this.fooling > 0;
  }

  get worst(): Worst {
    if (this.#worst === undefined) throw new Error('internal: an attack tried nothing');
    return this.#worst;
  }
}
