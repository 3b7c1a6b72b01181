import { type HardenOptions, hardenSchema } from '../../options/harden-options.ts';
import { givenOf, optionsOf, type RequestOf } from '../../options/request.ts';
import type { Platform } from '../platform.ts';
import { defaultHardeningFolder, type HardenEvent, hardenModel } from './harden.ts';
import type { HardenResult } from './result.ts';

/**
 * The options of `gimbal harden` by the names of their flags; docs/command-options.md explains them. Those that concern
 * a terminal alone (`json`, `quiet`) change nothing here.
 */
export type HardenRequest = RequestOf<HardenOptions, 'model' | 'data'> & {
  /** Called as the work goes on: evaluations, updates, epochs, notes. */
  readonly onEvent?: (event: HardenEvent) => void;
  /** Stops it; the promise then rejects with the signal's reason. The same call goes on later. */
  readonly signal?: AbortSignal;
};

/** The result of a hardening, and where its files lie. */
export interface Hardened extends HardenResult {
  /** The run folder, with `model.onnx`, `report.html` and `result.json`. */
  readonly folder: string;
}

/**
 * What `gimbal harden` does, on any platform: measures a classifier, fine-tunes it against rotations and translations,
 * measures it again, and writes the same model with other weights. Accuracies are in [0, 1].
 *
 * @throws GimbalError of kind `misuse` for options, models or data that are at fault; of kind `failure` where the run
 *   could not be carried through; the signal's reason
 */
export async function hardenOn(platform: Platform, request: HardenRequest): Promise<Hardened> {
  const { onEvent, signal, ...given } = request;
  const options = optionsOf(hardenSchema, given);
  const folder = options.out ?? defaultHardeningFolder(platform, options);
  const result = await hardenModel(
    platform,
    { ...options, out: folder },
    {
      command: `harden(${JSON.stringify(givenOf(given))})`,
      signal,
      onEvent,
    },
  );
  signal?.throwIfAborted();
  if (result === undefined) throw new Error('internal: a hardening that nobody stopped came to no end');
  return { ...result, folder };
}
