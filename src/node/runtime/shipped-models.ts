import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { misuse } from '../../errors/error.ts';
import { didYouMean } from '../../errors/nearest.ts';

/** Trained models that come with the package; the compiled module lies in dist/node/runtime. */
const FOLDER = fileURLToPath(new URL('../../../models/', import.meta.url));
const EXTENSION = '.onnx';

/** Names of the trained models that come with the package: `mnist-w10-30`, … (models/README.md). */
export async function shippedModels(): Promise<string[]> {
  const files = await readdir(FOLDER).catch(() => []);
  return files
    .filter((file) => file.endsWith(EXTENSION))
    .map((file) => file.slice(0, -EXTENSION.length))
    .sort();
}

/**
 * The path that a model is read from: the given one, that of the shipped model of this name, or the `model.onnx` in
 * the folder of a training run. A path that exists always wins.
 * @throws misuse `unknown-model` for what is neither and looks like a name
 */
export async function modelPath(given: string): Promise<string> {
  const inFolder = join(given, 'model.onnx');
  if (await exists(inFolder)) return inFolder;
  if (await exists(given)) return given;
  const names = await shippedModels();
  if (names.includes(given)) return join(FOLDER, `${given}${EXTENSION}`);
  if (/[/\\.]/.test(given)) return given;
  throw misuse({
    code: 'unknown-model',
    subject: `model ${given}`,
    problem:
      'is neither a file nor a model that comes with Gimbal; those are ' +
      `${names.join(', ')}.${didYouMean(given, names)}`,
    advice: 'Give the path of an ONNX file or one of these names.',
  });
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
