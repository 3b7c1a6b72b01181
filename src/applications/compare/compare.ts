import type { CompareOptions } from '../../options/compare-options.ts';
import { compareSchema } from '../../options/compare-options.ts';
import { givenOf, optionsOf, type RequestOf } from '../../options/request.ts';
import type { ModelsReport } from '../../report/models/models-report.ts';
import type { RunsReport } from '../../report/runs/runs-report.ts';
import { isRunFolder } from '../evaluate/run-files.ts';
import type { Platform } from '../platform.ts';
import { type CompareEvent, type CompareHooks, compareModels } from './compare-models.ts';
import { compareRuns } from './compare-runs.ts';

/** The options of `gimbal compare` by the names of their flags; `quiet` changes nothing here. */
export type CompareRequest = RequestOf<CompareOptions, 'compared'> & {
  /** Called as the work goes on: notes, warnings, landscapes that were measured. */
  readonly onEvent?: (event: CompareEvent) => void;
  /** Stops it; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
};

/** What was set side by side. */
export type Comparison =
  { readonly kind: 'runs'; readonly report: RunsReport } | { readonly kind: 'models'; readonly report: ModelsReport };

/** Compares runs where one is named, else models. @throws misuse as `compareRuns` and `compareModels` */
export async function compareAny(
  platform: Platform,
  options: CompareOptions,
  hooks: CompareHooks,
): Promise<Comparison> {
  const { compared, out } = options;
  const areRuns = await Promise.all(compared.map((path) => isRunFolder(platform.files, path)));
  return areRuns.includes(true)
    ? { kind: 'runs', report: await compareRuns(platform, { folders: compared, out, command: hooks.command }) }
    : { kind: 'models', report: await compareModels(platform, options, hooks) };
}

/**
 * What `gimbal compare` does, on any platform: the loss landscapes of two models for the same images, or any number of
 * run folders side by side. The page and the figures lie in `out`.
 *
 * @throws GimbalError of kind `misuse` for what cannot be compared; the signal's reason
 */
export function compareOn(platform: Platform, request: CompareRequest): Promise<Comparison> {
  const { onEvent, signal, ...given } = request;
  const command = `compare(${JSON.stringify(givenOf(given))})`;
  return compareAny(platform, optionsOf(compareSchema, given), { command, onEvent, signal });
}
