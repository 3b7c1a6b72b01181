import type { z } from 'zod';
import { option } from '../settings/option.ts';
import { resizing, valueRange } from './image-values.ts';
import { LARGEST_SIDE } from '../settings/limits.ts';
import { whole } from '../settings/numbers.ts';
import { choice, text, toggle } from '../settings/value.ts';

const DATA = 'Data';

export const DATA_EXPECTED = 'glyphs, mnist, fashion-mnist, cifar10 or a path';

/**
 * How images and labels are named, read and chosen: one set for every command that takes data, so that advice holds for
 * all.
 */
export const dataOptions = {
  data: option(text(DATA_EXPECTED), {
    group: DATA,
    value: 'SOURCE',
    help:
      'glyphs (built in), mnist, fashion-mnist, cifar10, or a path: folder of class folders, Parquet of Hugging ' +
      'Face, WebDataset .tar, IDX or CIFAR folder or archive, list .csv or .jsonl, COCO .json, .npy or .npz.',
    affectsResults: false,
  }),
  split: option(choice(['test', 'train']).default('test'), {
    group: DATA,
    value: 'test|train',
    help: 'Part of the data set.',
  }),
  limit: option(whole({ from: 1 }).optional(), {
    group: DATA,
    value: 'N',
    help: 'Take only the first N images.',
    defaultText: 'all',
  }),
  offset: option(whole().default(0), { group: DATA, value: 'N', help: 'Leave out the first N images.' }),
  spread: option(toggle().optional(), {
    group: DATA,
    help:
      'Take the N images of --limit evenly spaced over the data set, in place of the first: a fair part of data ' +
      'that lie sorted by class.',
  }),
  exclude: option(text('the path of a JSON file').optional(), {
    group: DATA,
    value: 'FILE',
    help: 'JSON file with indices to leave out: a list, or an object with a list for each split.',
    affectsResults: false,
  }),
  labels: option(text('the path of a file').optional(), {
    group: DATA,
    value: 'FILE',
    help: 'Labels of a .npy, .npz or single IDX file: .npy, .npz or IDX.',
    defaultText: 'under the usual name beside it, or in it',
    affectsResults: false,
  }),
  classNames: option(text('the path of a file, or numbers').optional(), {
    group: DATA,
    value: 'FILE',
    help:
      "Names of the model's classes in its order, on lines or as JSON, to find the classes of the data among; " +
      'numbers: their names are class numbers.',
    defaultText: "the model's own names; without these, the order of the names in the data",
    affectsResults: false,
  }),
  firstLabel: option(whole().optional(), {
    group: DATA,
    value: 'N',
    help: 'Number that the data call the first class by: 1 where labels count from 1.',
    defaultText: '0',
    affectsResults: false,
  }),
  classesDiffer: option(choice(['ask', 'keep']).default('ask'), {
    group: DATA,
    value: 'ask|keep',
    help: 'Where the data name fewer classes than the model has: ask, or take them for the first ones of the model.',
    affectsResults: false,
  }),
  resize: option(resizing().optional(), {
    group: DATA,
    value: 'N|HxW',
    help: 'Scale images so that the short side has N pixels, or to both sides.',
    defaultText: 'no scaling',
  }),
  crop: option(whole({ from: 1, to: LARGEST_SIDE }).optional(), {
    group: DATA,
    value: 'N',
    help: 'Cut a square of N pixels from the centre.',
    defaultText: 'after --resize, the size that the model takes',
  }),
  colour: option(choice(['keep', 'grey', 'rgb']).default('keep'), {
    group: DATA,
    value: 'keep|grey|rgb',
    help: 'Turn colour images grey, or grey ones into three equal channels.',
  }),
  pixelRange: option(valueRange().optional(), {
    group: DATA,
    value: 'BLACK,WHITE',
    help: 'Values of black and white in an array of images: 0,4095 for 12 bits.',
    defaultText: 'told by the type and the values, else asked for',
  }),
  exif: option(choice(['turn', 'ignore']).optional(), {
    group: DATA,
    value: 'turn|ignore',
    help: 'Turn photographs upright as their EXIF orientation says, or take them as they are stored.',
    defaultText: 'turn',
  }),
  skipUnreadable: option(toggle().default(false), {
    group: DATA,
    help: 'Leave out images that cannot be read, and count them.',
    affectsResults: false,
  }),
};

/** Options that say which images are read, and how. */
export type DataOptions = z.output<z.ZodObject<typeof dataOptions>>;
