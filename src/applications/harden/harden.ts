import { misuse } from '../../errors/error.ts';
import { optionWords } from '../../errors/option-words.ts';
import type { ProgressEvent } from '../../evaluation/progress.ts';
import { namingFile } from '../../model/naming-file.ts';
import type { HardenOptions } from '../../options/harden-options.ts';
import type { TrainingEvent } from '../../training/run/metrics.ts';
import type { TrainingSettings } from '../../training/recipes/recipe.ts';
import { openModel } from '../evaluate/inputs.ts';
import { slug } from '../folder-name.ts';
import type { Platform } from '../platform.ts';
import { claimMarkedFolder, type Marker, writeMarker } from '../marked-folder.ts';
import { evaluationOptions } from './evaluations.ts';
import { Hardening } from './hardening.ts';
import type { HardenResult } from './result.ts';

/** What a hardening tells its listeners. */
export type HardenEvent =
  | {
      readonly kind: 'begin';
      readonly images: number;
      readonly heldOut: number;
      readonly testedOn: string;
      readonly settings: TrainingSettings;
    }
  | { readonly kind: 'stage'; readonly stage: 'before' | 'training' | 'after' }
  | { readonly kind: 'evaluation'; readonly progress: ProgressEvent }
  | { readonly kind: 'training'; readonly event: TrainingEvent }
  /** What to be aware of; what to beware of. */
  | { readonly kind: 'note' | 'warning'; readonly text: string };

export interface HardenHooks {
  /** How to repeat it, for people. */
  readonly command: string;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: HardenEvent) => void;
}

const MARKER: Marker = { kind: 'hardening', format: 1, file: 'hardening.json', what: 'a hardening' };

/**
 * Measures a classifier, fine-tunes it against rotations and translations, measures it again, and writes the same model
 * with other weights into `out`. The same call goes on where an earlier one was stopped.
 * @returns undefined where the signal stopped it
 * @throws misuse where model, data or settings are at fault; failure `diverged`
 */
export async function hardenModel(
  platform: Platform,
  options: HardenOptions & { readonly out: string },
  hooks: HardenHooks,
): Promise<HardenResult | undefined> {
  const { files, folders, machine, models } = platform;
  const { signal } = hooks;
  const path = await models.locate(options.model);
  const model = await openModel(platform, { ...evaluationOptions(options), model: path }, signal);
  const { out } = options;
  await claimMarkedFolder(platform, out, MARKER, [
    { what: 'the model', path },
    { what: 'the data', path: options.data },
    ...(options.test === undefined ? [] : [{ what: 'the test data', path: options.test }]),
  ]);
  const unlock = await folders.lock(out);
  try {
    await writeMarker(files, out, MARKER, { ...(await machine.origin()), command: hooks.command });
    const hardening = await namingFile(path, () => Hardening.open(platform, options, path, model, hooks));
    try {
      const before = await hardening.evaluate('before');
      const trained = await hardening.train();
      if (!trained.finished) return undefined;
      await hardening.write(trained);
      const after = await hardening.evaluate('after');
      return await hardening.conclude(before, after, trained);
    } finally {
      await hardening.close();
    }
  } catch (error) {
    if (signal?.aborted === true && (error as Error).name === 'AbortError') return undefined;
    throw error;
  } finally {
    await unlock();
  }
}

export type { HardenResult };

/** The folder where none is given. */
export function defaultHardeningFolder(
  { files }: Pick<Platform, 'files'>,
  { model, data }: Pick<HardenOptions, 'model' | 'data'>,
): string {
  const [of, on] = [model, data].map((path) => slug(path.split(/[\\/]/).filter(Boolean).at(-1) ?? 'model'));
  if (of === '') throw misuse({ code: 'malformed-option', subject: optionWords('out'), problem: 'is needed here.' });
  return files.join('gimbal-runs', `${of}-hardened-on-${on}`);
}
