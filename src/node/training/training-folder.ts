import { join } from 'node:path';
import { GimbalError } from '../../errors/error.ts';
import { readModel } from '../../onnx/read.ts';
import { readRegular } from '../data/regular-file.ts';
import { claimMarkedFolder, type Marker, writeMarker } from '../output/marked-folder.ts';
import type { Input } from '../output/same-file.ts';
import { CONFIG_FILE } from './classes-of-start.ts';
import { MODEL_FILE } from './folder-store.ts';

const MARKER: Marker = {
  kind: 'training',
  format: 1,
  file: CONFIG_FILE,
  what: 'a training run',
  isOld: ({ recipe, settings, data }) => [recipe, settings, data].every((part) => part !== undefined),
  // A classifier that came with the package, taken into a study's folder by version 0.1.0, and what was measured of it.
  isUnmarked: async (names, path) => names.has(MODEL_FILE) && isTrained(join(path, MODEL_FILE)),
};

/**
 * Makes the folder of a training run, or takes one.
 * @param inputs what the run reads and must not write over
 * @throws misuse `output-is-input`, `output-not-writable`, `folder-in-other-use`
 */
export function claimTrainingFolder(folder: string, inputs: readonly Input[] = []): Promise<void> {
  return claimMarkedFolder(folder, MARKER, inputs);
}

/** Writes `config.json`, by which the folder is known. */
export function writeTrainingConfig(folder: string, config: object): Promise<void> {
  return writeMarker(folder, MARKER, config);
}

/** Whether a file is a model that a recipe trained. */
async function isTrained(path: string): Promise<boolean> {
  try {
    return readModel(await readRegular(path)).metadata.has('gimbal.recipe');
  } catch (error) {
    if (error instanceof GimbalError) return false;
    throw error;
  }
}
