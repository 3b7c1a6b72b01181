import { z } from 'zod';
import { misuse } from '../../errors/error.ts';
import { didYouMean } from '../../errors/nearest.ts';
import { optionWords } from '../../errors/option-words.ts';
import { expectationOf } from '../../json/expectation.ts';
import { shown } from '../../json/shown.ts';
import { ARCHITECTURE_NAMES, architectureNamed } from '../architectures/index.ts';
import { degrees, learningRate, pixels, pixelSize, type Quantity, Question } from '../../quantities/quantities.ts';
import { OBJECTIVE_NAMES, objectiveNamed } from '../objectives/registry.ts';
import { INTERPOLATIONS } from '../../transform/transformation.ts';
import { SCHEDULE_NAMES } from '../schedules/schedules.ts';
import { DISTANCES } from '../step/loss.ts';

const share = z.number().min(0).max(1);
/** Up to a million: beyond it is a slip of the hand. */
const positive = z.number().int().positive().max(1_000_000);

/** Which network a recipe trains. */
const NETWORK = {
  architecture: z.enum(ARCHITECTURE_NAMES as [string, ...string[]]).describe('family of networks'),
  depth: positive.optional().describe("layers with weights (default: the architecture's)"),
  width: positive.optional().describe("channels of the first stage (default: the architecture's)"),
};

/** How any network is trained. What is left out has the default given here. */
export const TrainingSchema = z.strictObject({
  objective: z
    .enum(OBJECTIVE_NAMES)
    .describe('what a step minimises; distilled: towards the answers of the model that is hardened'),
  rotation: z.number().min(0).max(180).default(30).describe('limit of rotations, degrees'),
  translation: z.number().min(0).default(3).describe('limit of translations in each direction, pixels'),
  interpolation: z
    .enum(INTERPOLATIONS)
    .optional()
    .describe('how transformed images are read between the pixels of an image (default: bilinear)'),
  candidates: positive
    .max(10_000)
    .default(10)
    .describe(
      'worst-of-k, regularised and distilled: k random transformations of each image, the worst of which is trained on',
    ),
  startCandidates: positive
    .max(10_000)
    .optional()
    .describe('k at the first epoch, rising linearly to `candidates` at the middle of the run'),
  steps: positive.default(5).describe('linf: ascent steps'),
  stepSize: z
    .number()
    .positive()
    .optional()
    .describe('linf: size of a step, in pixel units of [0, 1] (default: epsilon/4)'),
  epsilon: z
    .number()
    .positive()
    .default(8 / 255)
    .describe('linf: limit of the perturbation, in pixel units of [0, 1]'),
  distance: z
    .enum(DISTANCES)
    .default('kl')
    .describe('regularised: distance between the scores of natural and transformed image'),
  lambda: z
    .number()
    .min(0)
    .default(2)
    .describe('regularised: weight of the distance; distilled: weight of the transformed images'),
  crossEntropyOn: z
    .enum(['natural', 'both'])
    .default('both')
    .describe(
      'regularised: images of which the cross-entropy is taken, those as they are or their transformed copies too',
    ),

  flip: z.boolean().default(false).describe('mirror half of the images left to right'),
  resizedCrop: z
    .number()
    .positive()
    .max(1)
    .optional()
    .describe(
      'train on a random part of each image as it lies in its file, brought to size: at least this share of its ' +
        'area, aspect ratio 3:4 to 4:3 (default: on the image as it is read)',
    ),
  jitter: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe('change brightness, contrast and saturation, each by a random factor in 1 ± jitter (default: not)'),
  lighting: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe("add random light along the principal axes of ImageNet's colours, so many deviations (default: none)"),
  zoom: share
    .default(0)
    .describe('random enlargement: a part with at least 1 − zoom of each side, scaled up to the whole'),
  crop: z
    .number()
    .int()
    .min(0)
    .default(0)
    .describe('random shift by up to so many whole pixels before anything else, black coming in'),

  epochs: positive.describe('passes over the training set'),
  batch: positive
    .max(65_536)
    .default(128)
    .describe('images of one update (regularised: so many natural ones, and their transformed copies)'),
  optimizer: z.enum(['sgd', 'adamw']).default('sgd'),
  rate: z.number().positive().describe('peak learning rate'),
  momentum: share.default(0.9).describe('sgd'),
  nesterov: z.boolean().default(true).describe('sgd'),
  decay: z
    .number()
    .min(0)
    .default(5e-4)
    .describe('weight decay of convolutions and dense layers; norms and biases are spared'),
  schedule: z.enum(SCHEDULE_NAMES).default('one-cycle').describe('course of the learning rate'),
  warmup: share.default(0.2).describe('share of the run over which the rate rises'),
  milestones: z
    .array(share)
    .default([0.5, 0.75])
    .describe('schedule step: shares of the run at which the rate is divided by ten'),
  smoothing: share.default(0).describe('label smoothing'),
  averaging: share
    .default(0)
    .describe('decay of the exponential moving average of weights that becomes the result; 0: none'),

  norms: z
    .enum(['keep', 'estimate'])
    .optional()
    .describe(
      'hardening: batch normalisations keep the running statistics of the model, or estimate them on what is ' +
        'trained on (default: keep)',
    ),

  keep: z
    .enum(['last', 'best'])
    .default('last')
    .describe(
      'which state becomes the result: the last one, or the best after an epoch on the held-out images, ' +
        'of those that they do not tell apart the latest',
    ),
  interpolate: z
    .boolean()
    .default(false)
    .describe(
      'keep best: weights between those at the start and the best ones are measured at the end as well, ' +
        'and the best of all become the result',
    ),
  allowedLoss: share
    .default(0.01)
    .describe('keep best: natural accuracy that may be lost before it weighs against robustness'),

  storage: z
    .enum(['float32', 'float16'])
    .default('float32')
    .describe('how model.onnx keeps the weights; either way it computes in float32'),

  heldOut: z.number().int().min(0).default(1000).describe('images of the training set kept apart to measure progress'),
  seed: z.number().int().min(0).default(0).describe('decides everything random'),
});

/** Settings of older versions that no result used in another way than this. */
const GONE: Readonly<Record<string, unknown>> = {
  remember: false,
  accumulate: 1,
  worstBy: 'cross-entropy',
  draws: 'uniform',
};

/** Recorded settings, without what this version does for every run; one that asked for another thing stays. */
export function withoutGone(settings: unknown): unknown {
  if (typeof settings !== 'object' || settings === null) return settings;
  return Object.fromEntries(
    Object.entries(settings).filter(
      ([name, value]) => !(name in GONE && JSON.stringify(GONE[name]) === JSON.stringify(value)),
    ),
  );
}

/** Every hyper-parameter of a recipe. */
export const RecipeSchema = z.strictObject({ ...NETWORK, ...TrainingSchema.shape });

/** The settings of a training, without those of the network. */
export type TrainingSettings = z.infer<typeof TrainingSchema>;
/** The settings of a training, those of the network among them. */
export type Hyperparameters = z.infer<typeof RecipeSchema>;

/** A named run: what it reproduces, what came of it, and its hyper-parameters. */
export interface Recipe {
  readonly name: string;
  /** The row of the paper, or what else the recipe is for. */
  readonly reproduces: string;
  /** What was measured, with n, seed, machine and time; undefined until somebody has run it. */
  readonly reached?: string;
  /** Side in pixels of the images that it was written for. Default 32. */
  readonly side?: number;
  /** How images are brought to that size where the user does not say. Default: they have it. */
  readonly geometry?: { readonly resize: number; readonly crop: number };
  readonly settings: z.input<typeof RecipeSchema>;
}

/**
 * The recipe's hyper-parameters with `changes` on top, all checked: what `train` with these `set` goes by.
 *
 * ```ts
 * resolveRecipe(recipeNamed('mnist/w10-30'), ['objective=augmentation', 'epochs=3']).objective; // 'augmentation'
 * ```
 *
 * @param changes as typed: `epochs=3`; values are read as JSON where they are JSON, else as text
 * @throws misuse `unknown-setting`, `malformed-setting` or `bad-setting`, naming the key
 */
export function resolveRecipe(recipe: Recipe, changes: readonly string[]): Hyperparameters {
  const settings = settingsWith(RecipeSchema, recipe.settings, changes, recipe.name);
  if (objectiveNamed(settings.objective).taught) {
    throw misuse({
      code: 'bad-setting',
      subject: 'setting objective',
      problem: `${settings.objective} needs a trained model as the teacher, and a recipe begins without one.`,
      advice: 'gimbal harden MODEL.onnx trains so.',
    });
  }
  checkNetwork(settings);
  return settings;
}

/** The settings that changes name. */
export function settingsNamed(changes: readonly string[]): Set<string> {
  return new Set(changes.map((change) => change.split('=')[0]));
}

/**
 * Settings with `changes` on top, checked by a schema and together.
 * @param subject what the settings are of, for messages
 * @throws as `resolveRecipe`
 */
export function settingsWith<S extends typeof TrainingSchema | typeof RecipeSchema>(
  schema: S,
  base: z.input<S>,
  changes: readonly string[],
  subject: string,
): z.output<S> {
  const settings: Record<string, unknown> = { ...base };
  const known = Object.keys(schema.shape);
  for (const change of changes) {
    const [, key, text] = /^([A-Za-z]+)=(.*)$/s.exec(change) ?? [];
    if (key === undefined) {
      throw misuse({
        code: 'malformed-setting',
        subject: optionWords('set', [change]),
        problem: 'it is not of the form key=value.',
        advice: `Write for example ${optionWords('set', ['epochs=3'])}.`,
      });
    }
    if (!known.includes(key)) {
      throw misuse({
        code: 'unknown-setting',
        subject: optionWords('set', [key]),
        problem: `there is no such setting; there are ${known.join(', ')}.${didYouMean(key, known)}`,
      });
    }
    settings[key] = quantityOf(key, text) ?? readValue(text);
  }
  const parsed = schema.safeParse(settings);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const [key] = issue.path;
    throw misuse({
      code: 'bad-setting',
      subject: `setting ${issue.path.join('.') || subject}`,
      problem: `got ${shown(key === undefined ? settings : settings[String(key)])}, expected ${expectationOf(issue)}.`,
    });
  }
  checkTogether(parsed.data);
  return parsed.data as z.output<S>;
}

function checkNetwork({ depth, width, architecture }: Hyperparameters): void {
  const family = architectureNamed(architecture);
  const refusal = family.refusal({ depth: depth ?? family.defaults.depth, width: width ?? family.defaults.width });
  if (refusal === undefined) return;
  throw misuse({
    code: 'bad-setting',
    subject: 'setting depth',
    problem: `${architecture} cannot be built: ${refusal}.`,
  });
}

function checkTogether(settings: TrainingSettings): void {
  if (settings.resizedCrop !== undefined && settings.zoom > 0)
    throw misuse({
      code: 'bad-setting',
      subject: 'setting zoom',
      problem: 'enlarges a part of each image, as resizedCrop does.',
      advice: 'Give one of the two.',
    });
  if (settings.warmup === 1)
    throw misuse({
      code: 'bad-setting',
      subject: 'setting warmup',
      problem: 'a rise over the whole run leaves nothing to fall; give less than 1.',
    });
}

/** Settings that have a unit: a number that is most likely meant in another one is asked about. */
const QUANTITIES: ReadonlyMap<string, (given: unknown) => Quantity> = new Map([
  ['rotation', degrees],
  ['translation', pixels],
  ['epsilon', pixelSize],
  ['rate', learningRate],
]);

/** @throws misuse `value-in-doubt` */
function quantityOf(key: string, text: string): number | undefined {
  const quantity = QUANTITIES.get(key)?.(text);
  if (!(quantity instanceof Question)) return quantity;
  throw misuse({ code: 'value-in-doubt', subject: optionWords('set', [`${key}=${text}`]), problem: quantity.text });
}

function readValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
