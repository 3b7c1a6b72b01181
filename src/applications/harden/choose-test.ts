import type { ImageSource } from '../../data/source.ts';
import { GimbalError, misuse } from '../../errors/error.ts';
import { optionWords } from '../../errors/option-words.ts';
import type { EvaluateOptions } from '../../options/evaluate-options.ts';
import type { HardenOptions } from '../../options/harden-options.ts';
import { openImages, type OpenModel } from '../evaluate/inputs.ts';
import type { Platform } from '../platform.ts';
import type { HardenHooks } from './harden.ts';

/** Where the images come from that a hardening is measured on: a source's split, or what it holds out of training. */
export interface TestImages {
  readonly from: 'test' | 'heldOut';
  readonly source: string;
  readonly split: 'test' | 'train';
}

/** What is said of data without a test split, or with one that cannot be measured on. */
const NO_TEST: readonly string[] = ['missing-split', 'missing-labels', 'empty-data', 'nothing-selected'];

/**
 * The test split where it is other images than the training data; else what is held out of these.
 * @throws misuse `test-is-train`, and what opening the test images throws, unless there are none
 */
export async function chooseTest(
  platform: Platform,
  { test, data, labels }: HardenOptions,
  base: EvaluateOptions,
  model: OpenModel,
  trained: ImageSource,
  { signal }: HardenHooks,
): Promise<TestImages> {
  const unlabelled = labels === 'none' && test === undefined;
  const wanted = { ...base, data: test ?? data, split: 'test' as const, limit: undefined, spread: undefined };
  try {
    const { source } = await openImages(platform, wanted, model, { signal, unlabelled });
    await source.close();
    if (source.fingerprint !== trained.fingerprint) return { from: 'test', source: wanted.data, split: 'test' };
  } catch (error) {
    if (test !== undefined || !(error instanceof GimbalError) || !NO_TEST.includes(error.issue.code)) throw error;
  }
  if (test !== undefined) {
    throw misuse({
      code: 'test-is-train',
      subject: optionWords('test'),
      problem: `${test} holds the very images that are trained on.`,
      advice:
        `Give other images, or leave ${optionWords('test')} out: then a part of the training images is held ` +
        'out and measured on.',
    });
  }
  return { from: 'heldOut', source: data, split: 'train' };
}
