import { GimbalError, misuse } from '../errors/error.ts';
import type { ExternalData } from '../onnx/external-data.ts';
import { freeBatch } from '../onnx/free-batch.ts';
import type { Model } from '../onnx/graph.ts';
import { readModel } from '../onnx/read.ts';
import { replaceStridedShortcuts } from '../onnx/strided-shortcut.ts';
import { writeModelFile } from '../onnx/write-file.ts';
import type { ModelFile } from '../runtime/model-file.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { adopt, probabilities, type AdoptedForm } from './adopt.ts';
import { channelOrderDoubt } from './channel-order.ts';
import { dependence } from './company.ts';
import type { ModelDescription } from './description.ts';
import { describeModel } from './describe.ts';
import type { PreparedModel } from './prepared-model.ts';
import { checkPreprocessing, defaultPreprocessing, type Preprocessing } from './preprocessing.ts';
import { probe, type ModelProbe } from './probe.ts';
import { withScoresInPlaceOfChoice } from './scores-before.ts';
import { hintsFromMetadata, mergeHints, type ModelHints } from './sidecar.ts';
import { requireSteady } from './steadiness.ts';
import { changing, INFERENCE_MODE, type TryOutOptions, tryOut } from './try-out.ts';
import { asTwoClasses } from './two-classes.ts';
import { withSession } from './with-session.ts';
import { withoutFinalActivation } from './final-activation.ts';

/** A model as it was read, and the file to run: where the user's own does, that one. */
export interface ReadModel {
  readonly model: Model;
  readonly bytes: ModelFile;
}

export interface PrepareOptions extends TryOutOptions {
  /** The scores stay what the file gives, for something that is made of them: a Softmax at its end is not left out. */
  readonly keepScores?: boolean;
}

/** Files from this size on are not kept: their weights, once read, serve all that is made of the model. */
const LARGE_FILE = 32 * 2 ** 20;

/**
 * Reads a model that is to be run.
 *
 * @param bytes an ONNX file
 * @param external gives the weights that it keeps outside
 * @throws misuse as `readModel`
 */
export function readToRun(bytes: Uint8Array, external?: ExternalData): ReadModel {
  let outside = false;
  const model = readModel(
    bytes,
    external &&
      ((reference) => {
        outside = true;
        return external(reference);
      }),
  );
  return { model, bytes: outside || bytes.length >= LARGE_FILE ? writeModelFile(model) : bytes };
}

/**
 * Reads a model, finds out how it is fed and read, and tries it on made-up images.
 *
 * @param given an ONNX file, or what `readToRun` made of one
 * @param hints what the user and the sidecar file say; these override the model's metadata
 * @throws misuse where the file is no image classifier that runs here, leaves something open, contradicts the hints, or
 *   has no
 * answer of its own for an image
 */
export async function prepareModel(
  runtime: Runtime,
  given: Uint8Array | ReadModel,
  hints: ModelHints = {},
  { keepScores = false, ...options }: PrepareOptions = {},
): Promise<PreparedModel> {
  const { plain, seen } = await tried(runtime, given, hints, options);
  if (seen.width !== 1) return suited(runtime, plain, seen, keepScores);
  const { note, ...pair } = asTwoClasses(plain.model, plain.description, seen);
  const two = { ...plain, ...pair, bytes: writeModelFile(pair.model), warnings: [note, ...plain.warnings] };
  const ofTwo = await withSession(runtime, two.bytes, (session) =>
    probe(session, two.description, two.preprocessing, seen.rows),
  );
  return suited(runtime, two, ofTwo, keepScores);
}

/**
 * As `prepareModel`, for a file that is made of the model: its scores stay what they are, and only a fixed batch is
 * made a free one, where that gives the same scores.
 * @throws misuse as `prepareModel`, but for a batch whose images have no answers of their own: it stays fixed, or is
 *   described as one of 1
 */
export async function prepareWhole(
  runtime: Runtime,
  given: Uint8Array | ReadModel,
  hints: ModelHints = {},
): Promise<PreparedModel> {
  const { plain, seen } = await tried(runtime, given, hints, {});
  return adopt(runtime, plain, freeTheBatch(plain), probabilities(seen, plain.description));
}

/** The model as it stands, and what it gave for made-up images. */
async function tried(
  runtime: Runtime,
  given: Uint8Array | ReadModel,
  hints: ModelHints,
  options: TryOutOptions,
): Promise<{ readonly plain: PreparedModel; readonly seen: ModelProbe }> {
  const { model: original, bytes } = given instanceof Uint8Array ? readToRun(given) : given;
  const declared = declaredFeeding(original, hints);
  const { model, preprocessing } = declared;
  const file = model === original ? bytes : writeModelFile(model);
  const { description, seen, notes, warnings } = await withSession(runtime, file, (session) =>
    tryOut(session, model, declared.description, preprocessing, options),
  );
  const doubt = channelOrderDoubt(preprocessing);
  return {
    plain: {
      bytes: file,
      model,
      preprocessing,
      hints: declared.hints,
      description,
      notes: [...declared.notes, ...notes],
      warnings: doubt === undefined ? warnings : [doubt, ...warnings],
    },
    seen,
  };
}

/** The model in the form that suits us best. */
async function suited(
  runtime: Runtime,
  plain: PreparedModel,
  seen: ModelProbe,
  keepScores: boolean,
): Promise<PreparedModel> {
  const expected = probabilities(seen, plain.description);
  const withLogits = keepScores ? plain : await adopt(runtime, plain, leaveOutActivation(plain), expected);
  const freed = await adopt(runtime, withLogits, freeTheBatch(withLogits), expected);
  const prepared = await adopt(runtime, freed, convolveShortcuts(freed), expected);
  // A batch that could be freed was proved to keep its images apart; one of 1 has no other images.
  const { batch } = prepared.description.input;
  if (batch === 'free' || batch === 1) return prepared;
  const { model, description, preprocessing } = prepared;
  const found = await withSession(runtime, prepared.bytes, (session) =>
    dependence(session, model.graph, description, preprocessing, batch),
  );
  if (found === 'none') return prepared;
  if (found === 'chance') throw changing(description);
  throw misuse({
    code: 'batch-dependent',
    subject: 'model',
    problem:
      `fixes its batch at ${batch} images, and its answer for an image depends on the others: ` +
      'no image has an answer of its own.',
    advice: `${INFERENCE_MODE} With a free batch, or one of 1, each image can be run alone.`,
  });
}

/**
 * How a model is fed and read by what its file and the hints say, without running it.
 * @returns also the model to run, which is another than the given one where that gives its choice in place of scores
 * @throws misuse as `describeModel`, `checkPreprocessing` and `requireSteady`
 */
export function declaredFeeding(
  given: Model,
  hintsGiven: ModelHints = {},
): { readonly description: ModelDescription } & Pick<PreparedModel, 'model' | 'preprocessing' | 'hints' | 'notes'> {
  const hints = mergeHints(hintsFromMetadata(given.metadata), hintsGiven);
  const { model, description, notes } = describeScores(given, hints);
  requireSteady(model, description.output.name);
  return { model, description, preprocessing: choosePreprocessing(description, hints), hints, notes };
}

function describeScores(
  model: Model,
  hints: ModelHints,
): { readonly model: Model; readonly description: ModelDescription; readonly notes: readonly string[] } {
  try {
    return { model, description: describeModel(model, hints), notes: [] };
  } catch (error) {
    if (!(error instanceof GimbalError && error.issue.code === 'no-scores')) throw error;
    const scored = withScoresInPlaceOfChoice(model, hints.output);
    if (scored === undefined) throw error;
    const description = describeModel(scored.model, { ...hints, output: scored.output });
    return { model: scored.model, description, notes: [scored.note] };
  }
}

function choosePreprocessing({ input }: ModelDescription, hints: ModelHints): Preprocessing {
  const base = defaultPreprocessing(input);
  const preprocessing: Preprocessing = {
    scale: hints.scale ?? base.scale,
    mean: hints.mean ?? base.mean,
    std: hints.std ?? base.std,
    perImageStandardization: hints.perImageStandardization ?? base.perImageStandardization,
    bgr: hints.bgr ?? base.bgr,
  };
  checkPreprocessing(preprocessing, input);
  return preprocessing;
}

function leaveOutActivation({ model, description }: PreparedModel): AdoptedForm | undefined {
  const rewritten = withoutFinalActivation(model, description.output);
  if (rewritten === undefined) return undefined;
  return {
    model: rewritten,
    description: { ...description, output: { ...description.output, kind: 'logits' } },
    note: "The model's final activation is left out: its logits are used.",
  };
}

function freeTheBatch({ model, description }: PreparedModel): AdoptedForm | undefined {
  const { input } = description;
  // A batch that is fixed behind a declaration of a free one is beyond this.
  if (input.batch === 'free' || typeof model.graph.inputs[0].shape?.[0] !== 'number') return undefined;
  try {
    const rewritten = freeBatch(model);
    if (rewritten === undefined) return undefined;
    return {
      model: rewritten,
      description: { ...description, input: { ...input, batch: 'free' } },
      note: `The model fixes its batch at ${input.batch}; it is run with a free one, which gives the same scores.`,
    };
  } catch (error) {
    // An opset or operator that cannot be brought to the working opset: the model still runs as it is.
    if (error instanceof GimbalError) return undefined;
    throw error;
  }
}

function convolveShortcuts({ model, description }: PreparedModel): AdoptedForm | undefined {
  const graph = replaceStridedShortcuts(model.graph);
  return (
    graph && {
      model: { ...model, graph },
      description,
      note: "The model's strided shortcuts are run as convolutions, which is faster and gives the same scores.",
    }
  );
}
