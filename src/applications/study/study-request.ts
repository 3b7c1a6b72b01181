import type { StudyPart, Study, StudyRow } from '../../studies/study.ts';
import type { ReadingOptions } from '../evaluate/reading.ts';
import { type EvaluateOptions, evaluateSchema } from '../../options/evaluate-options.ts';
import { optionName } from '../../settings/option.ts';
import { readOptions } from '../../options/read-options.ts';
import type { Platform } from '../platform.ts';
import type { Device } from '../../runtime/runtime.ts';

/**
 * A study as it is asked for. Its folder holds a folder for each classifier, with the trained model and the *finished
 * runs* that measure it. A folder of *saved results* holds a small file for each training and each measured part; the
 * package comes with one. A *measurement* is what either of them says of a part.
 */
export interface StudyRequest {
  readonly platform: Platform;
  readonly study: Study;
  readonly data: string;
  /** How the data are read; without what the study itself says. */
  readonly reading?: Partial<ReadingOptions>;
  /** Folder of the study: a folder for each classifier, and the report. */
  readonly out: string;
  /** Folder of saved results that are set beside what is measured here, as the package ships it. */
  readonly results?: string;
  /** Parts that have a saved result of the same model are not measured again. */
  readonly missingOnly?: boolean;
  /** Names of classifiers; all where it is empty. */
  readonly only: readonly string[];
  /** Measures on no more images than so many. */
  readonly limit?: number;
  /** Changes to every recipe, `key=value`. */
  readonly changes: readonly string[];
  readonly threads: number;
  /** Where training and measuring run. Default: cpu. */
  readonly device?: Device;
  readonly quiet: boolean;
  /** The command that repeats it. */
  readonly command: string;
}

/** Images that a part is to be measured on; `undefined` for all. */
export function limitOf({ limit }: Pick<StudyRequest, 'limit'>, part: StudyPart): number | undefined {
  if (limit === undefined || part.limit === undefined) return limit ?? part.limit;
  return Math.min(limit, part.limit);
}

/** The folder of a row's part measured on so many images. */
export function partFolder(
  { platform: { files }, out }: Pick<StudyRequest, 'platform' | 'out'>,
  row: StudyRow,
  part: StudyPart,
  limit: number | undefined,
): string {
  return files.join(out, row.classifier, `${part.name}-${limit ?? 'all'}`);
}

/** The options of `gimbal evaluate` for a part of a row. */
export function partOptions(request: StudyRequest, row: StudyRow, part: StudyPart, model: string): EvaluateOptions {
  const { data, reading = {}, threads, device, quiet } = request;
  const named = Object.entries(reading).map(([key, value]) => [optionName(key), value]);
  const limit = limitOf(request, part);
  const values = {
    ...Object.fromEntries(named),
    model,
    data,
    threads,
    device,
    quiet,
    limit,
    mirror: row.mirror,
    vote: row.vote,
    attacks: [...part.attacks],
    out: partFolder(request, row, part, limit),
    ...part.options,
  };
  const given = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
  return readOptions(evaluateSchema, [{ values: given, describe: (name) => `option ${name} of the study` }]);
}
