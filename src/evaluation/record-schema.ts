import { z } from 'zod';
import { EXTENTS, GRADES } from '../attacks/attack.ts';
import { formatField, formatName } from '../json/format.ts';
import { wilsonInterval } from '../statistics/wilson.ts';
import type { AttackSummary, EvaluationResult, ImageRecord, Rate } from './records.ts';

const count = z.int().nonnegative();

const attackRecord = z.looseObject({
  robust: z.boolean(),
  everyQuery: z.boolean().optional(),
  worst: z.tuple([z.number(), z.number(), z.number()]),
  loss: z.number(),
  predicted: count,
  tried: count,
  exhaustive: count,
  correctDraws: count.optional(),
  draws: z.int().positive().optional(),
  fooling: count.optional(),
  breakingPoint: z.number().min(0).nullable().optional(),
  refinedPoint: z.number().min(0).optional(),
  certificate: z
    .looseObject({
      inputs: count,
      radius: count.nullable().optional(),
      draws: count.optional(),
      fooling: count.optional(),
      bound: z.number().min(0).max(1).nullable().optional(),
      undecided: z.literal(true).optional(),
    })
    .optional(),
  perturbation: z.string().optional(),
});

/** A line of `images.jsonl`. */
export const recordSchema: z.ZodType<ImageRecord> = z.looseObject({
  index: count,
  label: count,
  file: z.string().optional(),
  class: z.string().optional(),
  prediction: count,
  predictedClass: z.string().optional(),
  attacks: z.record(z.string(), attackRecord),
});

const rate = {
  correct: z.number().min(0),
  n: count,
  accuracy: z.number().min(0).max(1),
  interval: z.tuple([z.number(), z.number()]),
};

/** Figures that belong together tell whether one of them was changed. */
function requireWhole({ correct, n, accuracy, interval }: Rate, context: z.RefinementCtx): void {
  const told = n === 0 ? accuracy : correct / n;
  const [low, high] = n === 0 ? interval : wilsonInterval(correct, n);
  const apart = [told - accuracy, low - interval[0], high - interval[1]].some((by) => Math.abs(by) > 1e-6);
  if (apart)
    context.addIssue({
      code: 'custom',
      message:
        `holds figures that do not belong together: ${correct} of ${n} are not ${accuracy} ` +
        `(${interval.join(' to ')})`,
    });
}

/** Accuracy under one attack. */
export const attackSummarySchema: z.ZodType<AttackSummary> = z
  .looseObject({ ...rate, everyQuery: z.looseObject(rate).superRefine(requireWhole).optional() })
  .superRefine(requireWhole);

const classResults = z.looseObject({
  attack: z.string(),
  byLabel: z.array(
    z.looseObject({
      label: count,
      name: z.string().optional(),
      n: count,
      natural: count,
      robust: count,
      confusion: z
        .looseObject({
          predicted: count,
          name: z.string().optional(),
          n: count,
          transformation: z.tuple([z.number(), z.number(), z.number()]).optional(),
        })
        .optional(),
    }),
  ),
});

const share = z.number().min(0).max(1);

const survivalSchema = z.looseObject({
  limits: z.array(z.number().min(0)),
  withstand: z.array(share),
  n: count,
  interval: z.array(z.tuple([z.number(), z.number()])),
  quantiles: z.array(z.looseObject({ share, limit: z.number().min(0).nullable() })),
});

const certified = z.looseObject({
  attack: z.string(),
  proved: count,
  n: count,
  share,
  interval: z.tuple([z.number(), z.number()]),
  meaning: z.string(),
  inputs: count,
  undecided: count.optional(),
  radii: z.array(z.looseObject({ radius: count, proved: count })).optional(),
});

const RESULT = 'result';
const RESULT_FORMAT = 1;

/** `result.json`. */
export const resultSchema: z.ZodType<EvaluationResult> = z.looseObject({
  format: formatField(RESULT, RESULT_FORMAT),
  gimbal: z.string(),
  model: z.looseObject({ name: z.string(), sha256: z.string() }),
  data: z.looseObject({ name: z.string(), fingerprint: z.string() }),
  n: count,
  skipped: count,
  attacks: z.record(z.string(), attackSummarySchema),
  tolerance: z.partialRecord(z.enum(EXTENTS), survivalSchema).optional(),
  certificates: z.partialRecord(z.enum(GRADES), certified).optional(),
  evaluations: z.looseObject({ made: count, exhaustive: count, byAttack: z.record(z.string(), count) }),
  classes: classResults.optional(),
  warnings: z.array(z.string()),
  seconds: z.number().min(0),
});

/** A result as files and `--json` hold it. */
export function withFormat(result: EvaluationResult): EvaluationResult & { readonly format: string } {
  return { format: formatName(RESULT, RESULT_FORMAT), ...result };
}
