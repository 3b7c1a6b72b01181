import { misuse } from '../../errors/error.ts';
import { didYouMean } from '../../errors/nearest.ts';
import type { ReproduceOptions } from '../../options/reproduce-options.ts';
import { givenOf, optionsOf, type RequestOf } from '../../options/request.ts';
import { reproduceSchema } from '../../options/reproduce-options.ts';
import { cifar10Study } from '../../studies/cifar10.ts';
import { imagenetStudy } from '../../studies/imagenet.ts';
import { mnistStudy } from '../../studies/mnist.ts';
import type { Study } from '../../studies/study.ts';
import type { Platform } from '../platform.ts';
import { runStudy, type StudyOutcome, type StudyRun, type StudyRunHooks } from './run-study.ts';

/** The paper's tables. */
const STUDIES: readonly Study[] = [mnistStudy, cifar10Study, imagenetStudy];

/** In place of the names of rows: every one. */
export const ALL_ROWS = 'all';

/** The options of `gimbal reproduce` by the names of their flags; docs/command-options.md explains them. */
export type ReproduceRequest = RequestOf<ReproduceOptions, 'table'> & StudyRunHooks;

/**
 * What `gimbal reproduce` does, on any platform: one of the paper's tables, what was published beside what is measured.
 *
 * @param results folder of the results that come with the package
 * @throws GimbalError of kind `misuse` for options or data that are at fault; of kind `failure` where training diverged
 */
export async function reproduceOn(
  platform: Platform,
  request: ReproduceRequest,
  results?: string,
): Promise<StudyOutcome> {
  const { onEvent, signal, ...given } = request;
  const options = optionsOf(reproduceSchema, given);
  const command = `reproduce(${JSON.stringify(givenOf(given))})`;
  return runStudy(reproduction(platform, options, { command, results }), { onEvent, signal });
}

/** What the options ask for. @throws misuse `unknown-table`, `unknown-row` */
export function reproduction(
  platform: Platform,
  options: ReproduceOptions,
  { command, results }: { readonly command: string; readonly results?: string },
): StudyRun {
  const study = chosen(options.table, 'table', STUDIES);
  for (const row of options.only) chosen(row, 'row', [...study.classifiers, { name: ALL_ROWS }]);
  const { data, limit, set: changes, device, quiet, saved, shipped, saveResults, machine } = options;
  const { resize, crop, colour, pixelRange, exif, skipUnreadable, exclude, classNames, firstLabel, classesDiffer } =
    options;
  const { threads = platform.machine.cores, out = platform.files.join('gimbal-runs', study.name) } = options;
  const onlyNamed = study.onRequest === true && options.only.length === 0;
  return {
    platform,
    study,
    data,
    reading: {
      ...(resize === undefined && crop === undefined ? study.geometry : { resize, crop }),
      colour,
      pixelRange,
      exif,
      skipUnreadable,
      exclude,
      classNames,
      firstLabel,
      classesDiffer,
    },
    out,
    results,
    only: options.only.includes(ALL_ROWS) ? [] : options.only,
    limit,
    changes,
    threads,
    device,
    quiet,
    command,
    work: shipped ? 'shipped' : saved || onlyNamed ? 'nothing' : 'train',
    ...(saveResults === undefined ? {} : { save: { folder: saveResults, machine } }),
  };
}

function chosen<T extends { readonly name: string }>(name: string, what: string, among: readonly T[]): T {
  const found = among.find((candidate) => candidate.name === name);
  if (found !== undefined) return found;
  const names = among.map((candidate) => candidate.name);
  throw misuse({
    code: `unknown-${what}`,
    subject: `${what} ${name}`,
    problem: `there is none of that name; there are ${names.join(', ')}.${didYouMean(name, names)}`,
  });
}
