import { z } from 'zod';
import type { EpochMetrics, Standing } from './metrics.ts';

const accuracies = { natural: z.number().optional(), worstOf10: z.number().optional() };

export const standingSchema: z.ZodType<Standing> = z.looseObject(accuracies);

/** A line of `metrics.jsonl`. */
export const metricsSchema: z.ZodType<EpochMetrics> = z.looseObject({
  ...accuracies,
  epoch: z.int().positive(),
  step: z.int().positive(),
  loss: z.number(),
  rate: z.number(),
  heldOut: z.int().nonnegative(),
  imagesPerSecond: z.number(),
  seconds: z.number(),
});
