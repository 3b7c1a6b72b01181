import type { RunDifference } from '../../evaluation/run-difference.ts';
import type { DifferenceOptions } from '../../options/difference-options.ts';
import type { Platform } from '../platform.ts';
import { differenceOf } from './difference.ts';
import { readRun } from './read-run.ts';

/** The folders of two runs on the same data. */
export type DifferenceRequest = Pick<DifferenceOptions, 'a' | 'b'>;

/**
 * What `gimbal difference` does, on any platform: by how much the accuracies of two runs differ on the images that both
 * hold, attack by attack, with 95 % intervals for paired proportions.
 *
 * @throws misuse `not-a-run-folder`, `other-data`, `nothing-to-compare`, `run-folder-damaged`
 */
export async function differenceOn(platform: Platform, { a, b }: DifferenceRequest): Promise<RunDifference> {
  return differenceOf(await readRun(platform, a), await readRun(platform, b));
}
