/**
 * Learning rate over a run, as a factor of the recipe's peak rate.
 * @param progress share of the run's steps that are done, in [0, 1)
 */
export type Schedule = (progress: number) => number;

export const SCHEDULE_NAMES = ['step', 'one-cycle'] as const;
export type ScheduleName = (typeof SCHEDULE_NAMES)[number];

export interface ScheduleOptions {
  /** Share of the run over which the rate rises linearly from near zero. */
  readonly warmup: number;
  /** `step`: shares of the run at which the rate is divided by ten. */
  readonly milestones: readonly number[];
}

/**
 * - `step`: divided by ten at each milestone
 * - `one-cycle`: linear up to 1 over the warm-up, then linear down to 0
 */
export function schedule(name: ScheduleName, options: ScheduleOptions): Schedule {
  const { warmup, milestones } = options;
  return (progress) => {
    if (progress < warmup) return Math.max(progress / warmup, 1e-3);
    const rest = (progress - warmup) / (1 - warmup);
    switch (name) {
      case 'step':
        return 0.1 ** milestones.filter((m) => progress >= m).length;
      case 'one-cycle':
        return 1 - rest;
    }
  };
}
