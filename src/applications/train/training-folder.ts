import { z } from 'zod';
import { GimbalError } from '../../errors/error.ts';
import { optionWords } from '../../errors/option-words.ts';
import { readModel } from '../../onnx/read.ts';
import { readJsonIfThere } from '../../ports/read-json.ts';
import { type Made, madeOf } from '../../report/made.ts';
import type { Files } from '../../ports/files.ts';
import { claimMarkedFolder, type Marker, writeMarker } from '../marked-folder.ts';
import type { Input } from '../../ports/folders.ts';
import type { Platform } from '../platform.ts';
import { MODEL_FILE, TRAINING_CONFIG_FILE } from './training-files.ts';

const markerOf = (files: Files): Marker => ({
  kind: 'training',
  format: 1,
  file: TRAINING_CONFIG_FILE,
  what: 'a training run',
  isOld: ({ recipe, settings, data }) => [recipe, settings, data].every((part) => part !== undefined),
  // A classifier that came with the package, taken into a study's folder by version 0.1.0, and what was measured of it.
  isUnmarked: async (names, path) => names.has(MODEL_FILE) && isTrained(files, files.join(path, MODEL_FILE)),
});

/**
 * Makes the folder of a training run, or takes one.
 * @param inputs what the run reads and must not write over
 * @throws misuse `output-is-input`, `output-not-writable`, `folder-in-other-use`
 */
export function claimTrainingFolder(
  platform: Pick<Platform, 'files' | 'folders'>,
  folder: string,
  inputs: readonly Input[] = [],
): Promise<void> {
  return claimMarkedFolder(platform, folder, markerOf(platform.files), inputs);
}

/** Writes `config.json`, by which the folder is known. */
export function writeTrainingConfig(files: Files, folder: string, config: object): Promise<void> {
  return writeMarker(files, folder, markerOf(files), config);
}

/** When and where a training run was begun, by its `config.json`. */
export async function trainingMade(files: Files, folder: string): Promise<Made> {
  const damaged = { code: 'run-damaged', advice: `Put it back from a copy, or give another ${optionWords('out')}.` };
  const config = await readJsonIfThere(files, files.join(folder, TRAINING_CONFIG_FILE), z.looseObject({}), damaged);
  return madeOf(config ?? {});
}

/** Whether a file is a model that a recipe trained. */
async function isTrained(files: Files, path: string): Promise<boolean> {
  try {
    return readModel(await files.read(path)).metadata.has('gimbal.recipe');
  } catch (error) {
    if (error instanceof GimbalError) return false;
    throw error;
  }
}
