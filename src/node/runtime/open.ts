import type { LoadedModel } from '../../applications/platform.ts';
import { GimbalError, misuse } from '../../errors/error.ts';
import type { ExternalData } from '../../onnx/external-data.ts';
import type { Classifier } from '../../model/classifier.ts';
import { type PrepareOptions, prepareModel, readToRun } from '../../model/prepare.ts';
import type { PreparedModel } from '../../model/prepared-model.ts';
import { namingFile } from '../../model/naming-file.ts';
import { mergeHints, parseSidecar, type ModelHints } from '../../model/sidecar.ts';
import { readTextIfThere } from '../../ports/read-text.ts';
import { nodeFiles } from '../files.ts';
import { didYouMeanPath } from '../../ports/beside.ts';
import { isMissing, readRegular } from '../data/regular-file.ts';
import { giveBackMemory } from '../machine/give-back-memory.ts';
import { settling } from '../settling.ts';
import { WeightsBeside } from './external-data.ts';
import { modelPath } from './shipped-models.ts';
import { startClassifier, type StartOptions } from './start.ts';
import { withThreadRuntime } from './thread-runtime.ts';

export interface LoadOptions extends PrepareOptions {
  /** Stops it, at whatever the model keeps the runtime with. */
  readonly signal?: AbortSignal;
}

/**
 * Reads an ONNX file, given by its path or by the name of a shipped model, and the sidecar file beside it
 * (`photos.json` beside `photos.onnx`), and tries the model.
 *
 * @param hints what the user says about the model; overrides the sidecar, which overrides the model's metadata
 * @throws misuse where the file is missing, no image classifier, or leaves something open; the signal's reason
 */
export async function loadModel(
  model: string,
  hints: ModelHints = {},
  options: LoadOptions = {},
): Promise<PreparedModel> {
  return (await loadModelFile(await modelPath(model), hints, options)).prepared;
}

/** As `loadModel`, of a path. */
export async function loadModelFile(
  path: string,
  hints: ModelHints = {},
  { signal, ...options }: LoadOptions = {},
): Promise<LoadedModel> {
  const { read, sha256 } = await readModelFile(path, readToRun);
  const sidecar = await readSidecar(path);
  return {
    prepared: await namingFile(path, () =>
      withThreadRuntime(signal, (runtime) => prepareModel(runtime, read, mergeHints(sidecar, hints), options)),
    ),
    sha256,
  };
}

/**
 * Reads a model's file, and the weights that it keeps in other files of its folder.
 *
 * @param read from the file's bytes, which are not kept here: they may be large
 * @throws misuse `model-unreadable`, and what `read` throws
 */
export async function readModelFile<T>(
  path: string,
  read: (bytes: Uint8Array, external: ExternalData) => T,
): Promise<{ readonly read: T; readonly sha256: string }> {
  const { size, ...rest } = await readWhole(path, read);
  if (size >= LARGE_FILE) giveBackMemory();
  return rest;
}

/** A function of its own: what it read is out of reach once it returns. */
async function readWhole<T>(
  path: string,
  read: (bytes: Uint8Array, external: ExternalData) => T,
): Promise<{ readonly read: T; readonly sha256: string; readonly size: number }> {
  const bytes = await bytesOf(path);
  return namingFile(path, () => {
    const weights = new WeightsBeside(path, bytes);
    const whole = read(bytes, (reference) => weights.read(reference));
    return { read: whole, sha256: weights.digest(), size: bytes.length };
  });
}

const LARGE_FILE = 2 ** 26;

async function bytesOf(path: string): Promise<Uint8Array> {
  return readRegular(path).catch(async (error) => {
    const near = isMissing(error) ? await didYouMeanPath(nodeFiles, path) : '';
    throw retold(error, 'model-unreadable', `Give the path of an ONNX file.${near}`);
  });
}

/**
 * `loadModel` and `startClassifier` in one: an ONNX file or the name of a shipped model in, a classifier out. Close it
 * when done.
 */
export async function openClassifier({
  model,
  hints,
  ...options
}: { readonly model: string; readonly hints?: ModelHints } & StartOptions): Promise<Classifier> {
  return settling(model, async () => startClassifier(await loadModel(model, hints, options), options));
}

/** The sidecar file beside an ONNX file; no hints where there is none. @throws misuse `model-hints` */
export async function readSidecar(path: string): Promise<ModelHints> {
  const sidecar = `${path.replace(/\.onnx$/i, '')}.json`;
  const text = await readTextIfThere(nodeFiles, sidecar).catch((error) => {
    const advice = 'It lies where hints about the model are looked for: correct it, or move it away.';
    throw retold(error, 'model-hints', advice);
  });
  return text === undefined ? {} : parseSidecar(text, sidecar);
}

/** What is wrong with a file, as an error of what it was to be. */
function retold(error: unknown, code: string, advice: string): unknown {
  return error instanceof GimbalError ? misuse({ ...error.issue, code, advice }, { cause: error }) : error;
}
