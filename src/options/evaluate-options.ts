import { z } from 'zod';
import { optionWords } from '../errors/option-words.ts';
import { ATTACKS } from '../attacks/registry.ts';
import { ATTACKS_GROUP, CERTIFICATES_GROUP, GRADIENT_GROUP } from '../attacks/shared-settings.ts';
import { CONVENTIONS, INTERPOLATIONS, MASKS, PADDINGS } from '../transform/transformation.ts';
import { DEVICES } from '../runtime/runtime.ts';
import { attackOptions } from './attack-options.ts';
import { dataOptions } from './data-options.ts';
import { option } from '../settings/option.ts';
import { attackList, type Gates, gates } from './attack-values.ts';
import { feedingOptions, MODEL_GROUP as MODEL } from './feeding-options.ts';
import { LARGEST_BATCH, MOST_THREADS, MOST_VOTES } from '../settings/limits.ts';
import { angle, real, whole } from '../settings/numbers.ts';
import { translationLimit } from '../settings/transformations.ts';
import { choice, text, toggle } from '../settings/value.ts';
import { shardName } from './shard-values.ts';
import { xmlPath } from './output-values.ts';

const RUNNING = 'Running';
const OUTPUT = 'Output';

/**
 * `gimbal evaluate`: the one place where its flags, config file keys, defaults, help and table of options come from.
 */
export const evaluateSchema = z
  .object({
    model: option(text('the path of an ONNX file or the name of a shipped model'), {
      group: MODEL,
      positional: true,
      value: 'MODEL',
      help: 'The classifier: an ONNX file, or the name of a shipped model, as mnist-w10-30.',
      affectsResults: false,
    }),

    ...dataOptions,
    heldOut: option(toggle().optional(), {
      group: 'Data',
      help: "Only the images that the model's training kept apart, of the data that it was trained on.",
      affectsResults: false,
    }),

    ...feedingOptions,

    attacks: option(attackList().default(['natural', 'random', 'worst-of-10', 'grid']), {
      group: ATTACKS_GROUP,
      value: 'LIST',
      help: `${ATTACKS.map(({ name }) => name).join(', ')}; :rotation or :translation behind a name restricts it.`,
    }),
    rotation: option(angle().default(30), {
      group: ATTACKS_GROUP,
      value: 'DEG',
      help: 'Largest rotation either way, in degrees.',
    }),
    translation: option(translationLimit().optional(), {
      group: ATTACKS_GROUP,
      value: '3px|10%',
      help: 'Largest shift along each side, in pixels or percent of the side.',
      defaultText: "the paper's for the image size: 3px at 28 and 32 px, 24px at 224 px",
    }),
    ...attackOptions(ATTACKS_GROUP),
    padding: option(choice(PADDINGS).default('zeros'), {
      group: ATTACKS_GROUP,
      value: PADDINGS.join('|'),
      help: 'What is seen beyond the border of an image.',
    }),
    convention: option(choice(CONVENTIONS).default('gimbal'), {
      group: ATTACKS_GROUP,
      value: CONVENTIONS.join('|'),
      help: 'Whose definition of the transformation is used.',
    }),
    // Without fixed defaults, so that the configuration of runs without them stays what it was.
    interpolation: option(choice(INTERPOLATIONS).optional(), {
      group: ATTACKS_GROUP,
      value: INTERPOLATIONS.join('|'),
      help: 'How a transformed image is read between the pixels of the image.',
      defaultText: 'bilinear',
    }),
    mask: option(choice(MASKS).optional(), {
      group: ATTACKS_GROUP,
      value: MASKS.join('|'),
      help: 'What is blackened of every image, moved or not: all outside of the inscribed circle.',
      defaultText: 'none',
    }),
    mirror: option(toggle().optional(), {
      group: ATTACKS_GROUP,
      help:
        'Evaluate the mean of the scores for each input and its mirror image, left to right: twice the work, ' +
        'for classes that mirroring keeps.',
    }),
    vote: option(whole({ from: 1, to: MOST_VOTES }).optional(), {
      group: ATTACKS_GROUP,
      value: 'M',
      help:
        'Evaluate the majority vote over M random transformations of each input. ' +
        'A fresh vote judges what an attack chose.',
      defaultText: 'no vote',
    }),
    voteRotation: option(angle().optional(), {
      group: ATTACKS_GROUP,
      value: 'DEG',
      help: 'Largest rotation of a vote, either way.',
      defaultText: 'that of --rotation',
    }),
    voteTranslation: option(translationLimit().optional(), {
      group: ATTACKS_GROUP,
      value: '1px|3%',
      help: 'Largest shift of a vote, along each side.',
      defaultText: 'that of --translation',
    }),
    exhaustive: option(toggle().default(false), {
      group: ATTACKS_GROUP,
      help: 'Try every candidate, also for images already fooled, and keep all losses for the figures.',
    }),
    seed: option(whole().default(0), { group: ATTACKS_GROUP, value: 'N', help: 'Decides all random draws.' }),

    ...attackOptions(GRADIENT_GROUP),
    ...attackOptions(CERTIFICATES_GROUP),

    shard: option(shardName().optional(), {
      group: RUNNING,
      value: 'I/N|auto',
      help:
        'Evaluate the I-th of N parts, in a folder of its own under --out, for gimbal merge; auto: as SLURM, ' +
        'Kubernetes or AWS Batch say.',
      defaultText: 'all images',
    }),
    device: option(choice(DEVICES).default('cpu'), {
      group: RUNNING,
      value: DEVICES.join('|'),
      help: 'Where the model runs.',
    }),
    batch: option(whole({ from: 1, to: LARGEST_BATCH }).optional(), {
      group: RUNNING,
      value: 'N',
      help: 'Inputs that run through the model together.',
      defaultText: 'chosen for the model',
    }),
    threads: option(whole({ from: 1, to: MOST_THREADS }).optional(), {
      group: RUNNING,
      value: 'N',
      help: 'Threads to use.',
      defaultText: 'one for each core',
    }),

    out: option(text('a path').optional(), {
      group: OUTPUT,
      value: 'DIR',
      help: 'Run folder; the same command in the same folder goes on where it stopped.',
      defaultText: 'gimbal-runs/, named by model, data and configuration',
      affectsResults: false,
    }),
    examples: option(whole({ to: 10_000 }).default(24), {
      group: OUTPUT,
      value: 'N',
      help: 'Images to show in the report.',
      affectsResults: false,
    }),
    landscapes: option(whole({ to: 10_000 }).optional(), {
      group: OUTPUT,
      value: 'N',
      help: 'Images whose loss the report shows over angle and shift; 1,525 evaluations each.',
      defaultText: '3 with first-order or --exhaustive, else as many of 3 as an eighth of the evaluations allows',
      affectsResults: false,
    }),
    failUnder: option(gates().optional(), {
      group: OUTPUT,
      value: 'grid=60',
      help:
        'Exit with 1 where an accuracy in percent is lower, or where fewer withstand a size: ' +
        'grid=60,tolerance:rotation=10deg@95 (95 % of the images, every rotation up to 10°).',
      affectsResults: false,
    }),
    baseline: option(text('the run folder of an evaluation').optional(), {
      group: OUTPUT,
      value: 'RUN',
      help:
        'Run folder of an earlier evaluation on the same data, to set this one beside: image by image, with ' +
        'intervals.',
      defaultText: 'none',
      affectsResults: false,
    }),
    failIfWorse: option(real('points', { to: 100 }).optional(), {
      group: OUTPUT,
      value: 'POINTS',
      help:
        'Exit with 1 where an accuracy is worse than that of --baseline by more than so many points: ' +
        'where the 95 % interval of the paired difference lies wholly beyond.',
      affectsResults: false,
    }),
    junit: option(xmlPath().optional(), {
      group: OUTPUT,
      value: 'FILE.xml',
      help: 'Write JUnit XML: a test case for each threshold, and one for each class that is below.',
      affectsResults: false,
    }),
    json: option(toggle().default(false), {
      group: OUTPUT,
      help: 'Print result.json on standard output.',
      affectsResults: false,
    }),
    quiet: option(toggle().default(false), {
      group: OUTPUT,
      help: 'Print only warnings and errors.',
      affectsResults: false,
    }),
  })
  .superRefine((options, context) => {
    refuseTogether(options, context);
    const { vote, voteRotation, voteTranslation } = options;
    for (const [path, given] of Object.entries({ voteRotation, voteTranslation })) {
      if (given !== undefined && vote === undefined)
        context.addIssue({
          code: 'custom',
          path: [path],
          message: `goes with ${optionWords('vote', 'M')}, which says how many transformations vote.`,
        });
    }
  });

interface GivenTogether {
  readonly spread?: boolean;
  readonly limit?: number;
  readonly failUnder?: Gates;
  readonly baseline?: string;
  readonly failIfWorse?: number;
  readonly attacks: readonly string[];
}

/** Refuses what does not go together, of all commands that evaluate. */
export function refuseTogether(
  { spread = false, limit, failUnder = {}, baseline, failIfWorse, attacks }: GivenTogether,
  context: Pick<z.RefinementCtx, 'addIssue'>,
): void {
  if (spread && limit === undefined) {
    context.addIssue({
      code: 'custom',
      path: ['spread'],
      message: `goes with ${optionWords('limit', 'N')}, which says how many images to take.`,
    });
  }
  if (failIfWorse !== undefined && baseline === undefined) {
    context.addIssue({
      code: 'custom',
      path: ['failIfWorse'],
      message: `goes with ${optionWords('baseline', 'RUN')}, which says what it is not to be worse than.`,
    });
  }
  for (const attack of Object.keys(failUnder).filter((gated) => !attacks.includes(gated))) {
    context.addIssue({
      code: 'custom',
      path: ['failUnder'],
      message: `names ${attack}, which is not among the attacks ${attacks.join(', ')}.`,
    });
  }
}

/** The options of `gimbal evaluate`, read and resolved. */
export type EvaluateOptions = z.output<typeof evaluateSchema>;
