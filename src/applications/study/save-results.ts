import type { z } from 'zod';
import { formatName } from '../../json/format.ts';
import { readSealed } from '../../ports/read-json.ts';
import { chosenClassifiers, partsOf } from '../../studies/study.ts';
import { type PartResult, partResultSchema, readPartResult } from './part-result.ts';
import { finishedRuns } from './finished-runs.ts';
import { partFile, trainingFile, type SavedTraining, trainingResultSchema } from './saved-results.ts';
import type { Files } from '../../ports/files.ts';
import { trainedModel } from './trained-model.ts';
import type { StudyRequest } from './study-request.ts';
import { optionWords } from '../../errors/option-words.ts';

/**
 * Writes what of a study is finished as small files: for each classifier how it was trained, and a file for each part,
 * from its run with the most images. A file that tells the same already stays as it is.
 * @param machine in words
 * @returns number of files written
 */
export async function saveResults(request: StudyRequest, folder: string, machine: string): Promise<number> {
  const { study, only, platform } = request;
  const { files } = platform;
  const written: boolean[] = [];
  for (const classifier of chosenClassifiers(study, only)) {
    const trained = await trainedModel(request, classifier);
    if (trained === undefined) continue;
    const { sha256, parameters, seed, settings, epochs } = trained;
    const training: SavedTraining = {
      recipe: classifier.recipe,
      settings,
      model: { sha256 },
      parameters,
      seed,
      seconds: epochs.reduce((sum, { seconds }) => sum + seconds, 0),
      machine,
      epochs,
    };
    written.push(
      await keep(
        files,
        trainingFile(files, folder, study.name, classifier.name),
        { format: formatName('training-result', 1), ...training },
        trainingResultSchema,
        (earlier) => earlier.model.sha256 === sha256,
      ),
    );
    for (const { row, part } of partsOf(study, classifier)) {
      const [most] = (await finishedRuns(request, row, part, trained)).toSorted((a, b) => b.result.n - a.result.n);
      if (most === undefined) continue;
      const result: PartResult = { ...(await readPartResult(most, request, row, part)), machine };
      written.push(
        await keep(
          files,
          partFile(files, folder, study.name, row, part),
          { format: formatName('part', 1), ...result },
          partResultSchema,
          (earlier) =>
            earlier.model.sha256 === sha256 &&
            JSON.stringify([earlier.attacks, earlier.vote]) === JSON.stringify([result.attacks, result.vote]),
        ),
      );
    }
  }
  return written.filter(Boolean).length;
}

/**
 * Writes a file unless it tells the same already. What Gimbal did not write is not replaced.
 * @returns whether it was written
 */
async function keep<T extends object>(
  files: Files,
  path: string,
  value: T,
  schema: z.ZodType<T>,
  same: (earlier: T) => boolean,
): Promise<boolean> {
  const earlier = await readSealed(files, path, schema, {
    code: 'output-exists',
    advice: `It is left as it is: move it away, or give another ${optionWords('save-results')}.`,
  });
  if (earlier !== undefined && same(earlier)) return false;
  await files.makeFolder(files.folderOf(path));
  await files.write(path, inLines(value));
  return true;
}

/** JSON with a line for each innermost object or list, so that an epoch is a line. */
function inLines(value: unknown): string {
  const text = JSON.stringify(value, undefined, 2).replace(
    /([{[])\s*\n\s*([^{}[\]]*?)\s*\n\s*([}\]])/g,
    (_, open: string, inner: string, close: string) => `${open}${inner.replace(/\n\s*/g, ' ')}${close}`,
  );
  return `${text}\n`;
}
