import { readFile } from 'node:fs/promises';
import { GimbalError, misuse } from '../../errors/error.ts';
import type { Classifier } from '../../model/classifier.ts';
import { prepareModel } from '../../model/prepare.ts';
import type { PreparedModel } from '../../model/prepared-model.ts';
import { mergeHints, parseSidecar, type ModelHints } from '../../model/sidecar.ts';
import { nodeRuntime } from './runtime.ts';
import { modelPath } from './shipped-models.ts';
import { startClassifier, type StartOptions } from './start.ts';

/**
 * Reads an ONNX file, given by its path or by the name of a shipped model, and the sidecar file beside it (`photos.json` beside `photos.onnx`), and tries the model.
 *
 * @param hints what the user says about the model; overrides the sidecar, which overrides the model's metadata
 * @throws misuse where the file is missing, no image classifier, or leaves something open
 */
export async function loadModel(model: string, hints: ModelHints = {}): Promise<PreparedModel> {
  const path = await modelPath(model);
  const bytes = await readModelFile(path);
  const sidecar = await readSidecar(path);
  return namingFile(path, () => prepareModel(nodeRuntime, bytes, mergeHints(sidecar, hints)));
}

/** @throws misuse `model-unreadable` */
export async function readModelFile(path: string): Promise<Uint8Array> {
  return readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw misuse(
      { code: 'model-unreadable', subject: path, problem: problemOf(error), advice: 'Give the path of an ONNX file.' },
      { cause: error },
    );
  });
}

/** Works on a model; what the core says of "the model", which knows no files, is said of the file. */
export async function namingFile<T>(path: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof GimbalError && error.issue.subject === 'model')
      throw new GimbalError(error.kind, { ...error.issue, subject: path }, { cause: error });
    throw error;
  }
}

/** `loadModel` and `startClassifier` in one: an ONNX file or the name of a shipped model in, a classifier out. Close it when done. */
export async function openClassifier({
  model,
  hints,
  ...options
}: { readonly model: string; readonly hints?: ModelHints } & StartOptions): Promise<Classifier> {
  return startClassifier(await loadModel(model, hints), options);
}

/** The sidecar file beside an ONNX file; no hints where there is none. @throws misuse `model-hints` */
export async function readSidecar(path: string): Promise<ModelHints> {
  const sidecar = `${path.replace(/\.onnx$/i, '')}.json`;
  const text = await readFile(sidecar, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw misuse(
      {
        code: 'model-hints',
        subject: sidecar,
        problem: problemOf(error),
        advice: 'It lies where hints about the model are looked for: correct it, or move it away.',
      },
      { cause: error },
    );
  });
  return text === undefined ? {} : parseSidecar(text, sidecar);
}

function problemOf({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT') return 'does not exist.';
  if (code === 'EISDIR') return 'is a folder, not a file.';
  return code === 'EACCES' ? 'may not be read.' : `cannot be read: ${message}.`;
}
