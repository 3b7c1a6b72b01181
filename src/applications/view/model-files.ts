import { misuse } from '../../errors/error.ts';
import { readModel } from '../../onnx/read.ts';
import { writeModel } from '../../onnx/write.ts';
import { mergeHints, type ModelHints } from '../../model/sidecar.ts';
import type { Platform } from '../platform.ts';
import { MODEL_FILE } from '../train/training-files.ts';
import type { CatalogueModel } from './catalogue.ts';
import { LARGEST_MODEL } from './limits.ts';
import { BYTES, type ExhibitFile } from './exhibit.ts';

/** A model for the page, with the file that it fetches. */
export interface OfferedModel {
  readonly model: CatalogueModel;
  readonly file: ExhibitFile;
}

/**
 * A model that the user named. Its file is read once here, so that what is wrong with it is told before a page opens.
 * @param hints what the user says about it
 * @throws misuse `unknown-model`, `model-unreadable`, `model-too-large`, and as `readModel`
 */
export async function namedModel(
  { models, files }: Platform,
  given: string,
  hints: ModelHints,
  place: number,
): Promise<OfferedModel> {
  const path = await models.locate(given);
  const { read: bytes } = await models.read(path, (whole, external) => {
    let apart = false;
    const model = readModel(whole, (reference) => {
      apart = true;
      return external(reference);
    });
    // A page fetches one file.
    return apart ? writeModel(model) : whole;
  });
  if (bytes.length > LARGEST_MODEL)
    throw misuse({
      code: 'model-too-large',
      subject: path,
      problem:
        `takes ${Math.round(bytes.length / 2 ** 20)} MiB with its weights; a page takes models of up to ` +
        `${LARGEST_MODEL / 2 ** 20} MiB.`,
      advice: 'gimbal evaluate takes larger ones.',
    });
  return {
    model: {
      name: nameOf(files, given, path),
      url: `models/named-${place}.onnx`,
      hints: mergeHints(await models.hints(path), hints),
    },
    file: { type: BYTES, read: () => Promise.resolve(bytes) },
  };
}

/** The models that come with the package. */
export async function shippedModels({ models, files }: Platform): Promise<OfferedModel[]> {
  return (await models.shipped()).map((name) => ({
    model: { name, url: `models/${name}.onnx` },
    file: { type: BYTES, read: async () => files.read(await models.locate(name), LARGEST_MODEL) },
  }));
}

/** A shipped model by its name, the model of a training run by that of its folder, others by their files. */
function nameOf(files: Platform['files'], given: string, path: string): string {
  const file = files.nameOf(path);
  if (file === `${given}.onnx`) return given;
  return file === MODEL_FILE ? files.nameOf(files.folderOf(path)) : file;
}
