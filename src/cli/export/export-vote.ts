import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { misuse } from '../../errors/error.ts';
import { MODEL_FILE } from '../../node/training/folder-store.ts';
import { writeAtomically } from '../../node/run-folder/write-atomically.ts';
import { modelPath } from '../../node/runtime/shipped-models.ts';
import { readModel } from '../../onnx/read.ts';
import { writeModel } from '../../onnx/write.ts';
import { translationLimit } from '../../options/values/transformations.ts';
import { createBox, type TranslationLimit } from '../../sets/box.ts';
import { votedModel } from '../../training/export/voted-model.ts';
import type { Terminal } from '../terminal.ts';
import type { ExportFlags } from './command.ts';

/** @returns exit code */
export async function exportVote(given: string, flags: ExportFlags, terminal: Terminal): Promise<number> {
  const votes = wholeNumber('--vote', flags.vote, 2);
  const seed = wholeNumber('--seed', flags.seed, 0);
  const path = await modelPath(given);
  const file = (await isFolder(path)) ? join(path, MODEL_FILE) : path;
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw misuse({ code: 'model-unreadable', subject: file, problem: error.code === 'ENOENT' ? 'does not exist.' : `cannot be read (${error.code}).` }, { cause: error });
  });
  const model = readModel(bytes);
  const trained = trainedLimits(model.metadata);
  const rotation = flags.rotation === undefined ? (trained?.rotation ?? 30) : Number(flags.rotation);
  const translation = flags.translation === undefined ? trained?.translation : readLimit(flags.translation);
  const { voted, box } = votedModel(model, file, (shape) => createBox(shape, rotation, translation), votes, seed);
  await writeAtomically(flags.out, writeModel(voted));
  terminal.out(`${flags.out}: ${votes} votes over rotations up to ${box.angle}° and shifts up to ${box.tx} × ${box.ty} px\n`);
  return 0;
}

function trainedLimits(metadata: ReadonlyMap<string, string>): { rotation: number; translation: TranslationLimit } | undefined {
  const text = metadata.get('gimbal.settings');
  if (text === undefined) return undefined;
  const { rotation, translation } = JSON.parse(text) as { rotation: number; translation: number };
  return { rotation, translation: { unit: 'px', value: translation } };
}

function readLimit(given: string): TranslationLimit {
  const parsed = translationLimit().safeParse(given);
  if (parsed.success) return parsed.data;
  throw misuse({ code: 'malformed-limit', subject: '--translation', problem: `is ${given}; it takes pixels or percent of the side, as 3px or 10%.` });
}

function wholeNumber(flag: string, given: string, from: number): number {
  const number = Number(given);
  if (Number.isInteger(number) && number >= from) return number;
  throw misuse({ code: 'malformed-number', subject: flag, problem: `is ${given}; it takes whole numbers from ${from} up.` });
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then((found) => found.isDirectory(), () => false);
}
