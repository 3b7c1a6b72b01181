import { nodePlatform } from '../../node/platform.ts';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { EvaluationResult } from '../../evaluation/records.ts';
import { measuresTheSame } from '../../applications/evaluate/configuration.ts';
import { readConfig, readResult } from '../../applications/evaluate/run-files.ts';
import type { MeasuredPart, StudyRow } from '../../studies/study.ts';
import { limitOf, partFolder, partOptions, type StudyRequest } from './study-request.ts';
import type { Trained } from './trained.ts';

/** A finished run of a part. */
export interface SavedPart {
  readonly folder: string;
  readonly result: EvaluationResult;
}

/** The finished run of a part with the most images, if it has at least as many as are asked for. */
export async function savedPart(
  request: StudyRequest,
  row: StudyRow,
  part: MeasuredPart,
  trained: Trained,
): Promise<SavedPart | undefined> {
  const wanted = limitOf(request, part) ?? Infinity;
  const saved = await savedParts(request, row, part, trained);
  return saved.filter(({ images }) => images >= wanted).toSorted((a, b) => b.result.n - a.result.n)[0];
}

/** Every finished run of a part by the classifier and the options as they are now, whatever its number of images. */
export async function savedParts(
  request: StudyRequest,
  row: StudyRow,
  part: MeasuredPart,
  { path, sha256 }: Pick<Trained, 'path' | 'sha256'>,
): Promise<(SavedPart & { readonly images: number })[]> {
  const parent = dirname(partFolder(request, row, part, undefined));
  const options = partOptions(request, row, part, path);
  const names = await readdir(parent).catch(() => []);
  const found = names.map((name) => ({ name, asked: new RegExp(`^${part.name}-(all|\\d+)$`).exec(name)?.[1] }));
  const saved = await Promise.all(
    found
      .filter(({ asked }) => asked !== undefined)
      .map(async ({ name, asked }) => {
        const folder = join(parent, basename(name));
        const result = await readResult(nodePlatform.files, folder);
        const config = result && (await readConfig(nodePlatform.files, folder));
        if (result === undefined || config === undefined) return [];
        return result.model.sha256 === sha256 && measuresTheSame(config, options)
          ? [{ folder, result, images: asked === 'all' ? Infinity : Number(asked) }]
          : [];
      }),
  );
  return saved.flat();
}
