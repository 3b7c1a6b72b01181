import { expect, it } from 'vitest';
import type { ImageSource } from '../../data/source.ts';
import { failure, misuse } from '../../errors/error.ts';
import { chooseTest } from './choose-test.ts';

/** Data whose training split opens and whose test split throws. */
const choose = (error: unknown, test?: string) =>
  chooseTest(
    {
      images: {
        open: async () => {
          throw error;
        },
      },
    } as never,
    { data: 'digits', test } as never,
    {} as never,
    { name: 'model.onnx', prepared: { hints: {}, description: { input: { shape: undefined } } } } as never,
    { fingerprint: 'train' } as ImageSource,
    { command: '' },
  );

it.each(['missing-split', 'missing-labels', 'empty-data'])(
  'measures on what is held out where there is no test split: %s',
  async (code) => {
    const missing = misuse({ code, subject: 'digits', problem: 'has none.' });
    expect(await choose(missing)).toEqual({ from: 'heldOut', source: 'digits', split: 'train' });
  },
);

it.each([
  ['a damaged file', misuse({ code: 'damaged-file', subject: 't10k-images', problem: 'is damaged.' })],
  ['a disk that fails', failure({ code: 'reading-failed', subject: 't10k-images', problem: 'could not be read.' })],
  ['Ctrl-C', new DOMException('stopped', 'AbortError')],
])('is no reason to measure on other images: %s', async (_, error) => {
  await expect(choose(error)).rejects.toBe(error);
});

it('says what is wrong with test images that were named', async () => {
  const missing = misuse({ code: 'missing-split', subject: 'others', problem: 'has none.' });
  await expect(choose(missing, 'others')).rejects.toBe(missing);
});
