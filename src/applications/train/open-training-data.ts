import type { OpenOptions } from '../../data/open-options.ts';
import { selectImages } from '../../data/selection.ts';
import type { ImageSource } from '../../data/source.ts';
import { refuseFaults } from '../../data/unreadable.ts';
import { fitClasses, type ModelClasses } from '../../evaluation/fit-classes.ts';
import { numberClasses } from '../../evaluation/number-classes.ts';
import type { DataOptions } from '../../options/data-options.ts';
import type { Platform } from '../platform.ts';
import { classAnswers, knownClasses } from '../evaluate/class-answers.ts';
import { reading } from '../evaluate/reading.ts';
import { selectionOf } from '../evaluate/selection.ts';

/**
 * The images that options name, to train on. Close them when done.
 * @param start the classes of the model that training begins with
 * @throws misuse for whatever is wrong with the data
 */
export async function openTrainingData(
  { images, files }: Platform,
  options: Partial<DataOptions> & Pick<DataOptions, 'data' | 'split'> & Pick<OpenOptions, 'decoders'>,
  start: ModelClasses | undefined,
  signal: AbortSignal | undefined,
): Promise<ImageSource> {
  const answers = await classAnswers(files, options);
  const selection = await selectionOf(files, options);
  const opened = await images.open(options.data, {
    ...reading(options),
    knownClasses: knownClasses(answers),
    decoders: options.decoders,
    signal,
  });
  try {
    const all = start === undefined ? numberClasses(opened, answers) : fitClasses(opened, start, answers);
    const data = selectImages(all, selection);
    if (options.skipUnreadable !== true) refuseFaults(data);
    return data;
  } catch (error) {
    await opened.close();
    throw error;
  }
}
