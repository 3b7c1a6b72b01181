import type { EvaluationResult } from '../../evaluation/records.ts';
import { measuresTheSame } from '../evaluate/configuration.ts';
import { readConfig, readResult } from '../evaluate/run-files.ts';
import type { StudyPart, StudyRow } from '../../studies/study.ts';
import { limitOf, partFolder, partOptions, type StudyRequest } from './study-request.ts';
import type { ClassifierFile } from './trained-model.ts';

/** A finished run of a part. */
export interface FinishedRun {
  readonly folder: string;
  readonly result: EvaluationResult;
}

/** The finished run of a part with the most images, if it has at least as many as are asked for. */
export async function finishedRun(
  request: StudyRequest,
  row: StudyRow,
  part: StudyPart,
  trained: ClassifierFile,
): Promise<FinishedRun | undefined> {
  const wanted = limitOf(request, part) ?? Infinity;
  const runs = await finishedRuns(request, row, part, trained);
  return runs.filter(({ images }) => images >= wanted).toSorted((a, b) => b.result.n - a.result.n)[0];
}

/** Every finished run of a part by the classifier and the options as they are now, whatever its number of images. */
export async function finishedRuns(
  request: StudyRequest,
  row: StudyRow,
  part: StudyPart,
  { path, sha256 }: Pick<ClassifierFile, 'path' | 'sha256'>,
): Promise<(FinishedRun & { readonly images: number })[]> {
  const { files } = request.platform;
  const parent = files.folderOf(partFolder(request, row, part, undefined));
  const options = partOptions(request, row, part, path);
  const names = await files.namesIn(parent);
  const found = names.map((name) => ({ name, asked: new RegExp(`^${part.name}-(all|\\d+)$`).exec(name)?.[1] }));
  const runs = await Promise.all(
    found
      .filter(({ asked }) => asked !== undefined)
      .map(async ({ name, asked }) => {
        const folder = files.join(parent, name);
        const result = await readResult(files, folder);
        const config = result && (await readConfig(files, folder));
        if (result === undefined || config === undefined) return [];
        return result.model.sha256 === sha256 && measuresTheSame(config, options)
          ? [{ folder, result, images: asked === 'all' ? Infinity : Number(asked) }]
          : [];
      }),
  );
  return runs.flat();
}
