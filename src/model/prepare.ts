import { GimbalError, misuse } from '../errors/error.ts';
import type { ExternalData } from '../onnx/external-data.ts';
import type { Model } from '../onnx/graph.ts';
import { freeBatch } from '../onnx/free-batch.ts';
import { readModel } from '../onnx/read.ts';
import { replaceStridedShortcuts } from '../onnx/strided-shortcut.ts';
import { writeModelFile } from '../onnx/write-file.ts';
import type { ModelFile } from '../runtime/model-file.ts';
import type { Runtime, Session } from '../runtime/runtime.ts';
import { adopt, probabilities, type Rewriting } from './adopt.ts';
import type { ModelDescription, ProbedDescription } from './description.ts';
import { describeModel } from './describe.ts';
import { wholeBatches } from './input-batch.ts';
import type { PreparedModel } from './prepared-model.ts';
import { checkPreprocessing, defaultPreprocessing, type Preprocessing } from './preprocessing.ts';
import { kindOfScores, PROBED, probe, type Probe } from './probe.ts';
import { hintsFromMetadata, mergeHints, type ModelHints } from './sidecar.ts';
import { withoutFinalActivation } from './final-activation.ts';

/** A model as it was read, and the file to run: where the user's own does, that one. */
export interface ReadModel {
  readonly model: Model;
  readonly bytes: ModelFile;
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
 * @throws misuse where the file is no image classifier that runs here, leaves something open, or contradicts the hints
 */
export async function prepareModel(
  runtime: Runtime,
  given: Uint8Array | ReadModel,
  hints: ModelHints = {},
): Promise<PreparedModel> {
  const { model: original, bytes } = given instanceof Uint8Array ? readToRun(given) : given;
  const { description: declared, preprocessing, hints: allHints } = declaredFeeding(original, hints);
  const session = await load(runtime, bytes);
  try {
    const { description, seen, notes } = await tryOut(session, declared, preprocessing);
    const expected = probabilities(seen, description);
    const plain = { bytes, model: original, description, preprocessing, hints: allHints, notes };
    const withLogits = await adopt(runtime, plain, leaveOutActivation(plain), expected);
    const freed = await adopt(runtime, withLogits, freeTheBatch(withLogits), expected);
    return await adopt(runtime, freed, convolveShortcuts(freed), expected);
  } finally {
    await session.release();
  }
}

/**
 * How a model is fed and read by what its file and the hints say, without running it.
 * @throws misuse as `describeModel` and `checkPreprocessing`
 */
export function declaredFeeding(
  model: Model,
  given: ModelHints = {},
): { readonly description: ModelDescription } & Pick<PreparedModel, 'preprocessing' | 'hints'> {
  const hints = mergeHints(hintsFromMetadata(model.metadata), given);
  const description = describeModel(model, hints);
  return { description, preprocessing: choosePreprocessing(description, hints), hints };
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

async function load(runtime: Runtime, bytes: ModelFile): Promise<Session> {
  try {
    return await runtime.createSession(bytes, { threads: 1 });
  } catch (error) {
    throw misuse(
      {
        code: 'model-not-loadable',
        subject: 'model',
        problem: `is refused by ONNX Runtime: ${(error as Error).message}.`,
        advice: 'Export it anew, if need be with an older opset.',
      },
      { cause: error },
    );
  }
}

interface TryOut {
  readonly description: ProbedDescription;
  readonly seen: Probe;
  readonly notes: readonly string[];
}

/** Runs the model. A batch that is free by declaration but not in truth is found out and taken for one of 1. */
async function tryOut(session: Session, declared: ModelDescription, preprocessing: Preprocessing): Promise<TryOut> {
  const { batch } = declared.input;
  let description = declared;
  let seen: Probe;
  const notes: string[] = [];
  try {
    seen = await probe(session, description, preprocessing, wholeBatches(PROBED, declared.input));
  } catch (error) {
    if (batch !== 'free') throw notRunnable(error, declared);
    description = { ...declared, input: { ...declared.input, batch: 1 } };
    try {
      seen = await probe(session, description, preprocessing, PROBED);
    } catch {
      throw notRunnable(error, declared);
    }
    notes.push('The model declares a free batch but runs one image at a time only.');
  }
  const kind = kindOfScores(declared.output.kind, seen);
  if (kind !== declared.output.kind) {
    notes.push(
      `The model's scores are ${kind}${declared.output.kind === 'logits' ? ', although no Softmax says so' : ', although it ends in a Softmax'}.`,
    );
  }
  return { description: { ...description, output: { ...description.output, kind, width: seen.width } }, seen, notes };
}

function notRunnable(error: unknown, { input }: ModelDescription): Error {
  if ((error as Error).name === 'GimbalError') return error as Error;
  return misuse(
    {
      code: 'model-not-runnable',
      subject: 'model',
      problem: `does not run on images of ${input.dims.join('×')}: ${(error as Error).message}.`,
      advice: 'If size or layout were read wrongly, set them with --size and --layout.',
    },
    { cause: error },
  );
}

function leaveOutActivation({ model, description }: PreparedModel): Rewriting | undefined {
  const rewritten = withoutFinalActivation(model, description.output);
  if (rewritten === undefined) return undefined;
  return {
    model: rewritten,
    description: { ...description, output: { ...description.output, kind: 'logits' } },
    note: "The model's final activation is left out: its logits are used.",
  };
}

function freeTheBatch({ model, description }: PreparedModel): Rewriting | undefined {
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

function convolveShortcuts({ model, description }: PreparedModel): Rewriting | undefined {
  const graph = replaceStridedShortcuts(model.graph);
  return (
    graph && {
      model: { ...model, graph },
      description,
      note: "The model's strided shortcuts are run as convolutions, which is faster and gives the same scores.",
    }
  );
}
