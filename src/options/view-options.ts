import { z } from 'zod';
import { option } from '../settings/option.ts';
import { whole } from '../settings/numbers.ts';
import { text, texts, toggle } from '../settings/value.ts';
import { dataOptions } from './data-options.ts';
import { evaluateSchema } from './evaluate-options.ts';
import { feedingOptions } from './feeding-options.ts';

const { rotation, translation, padding, convention, interpolation, mask } = evaluateSchema.shape;

/** `gimbal view` */
export const viewSchema = z.object({
  models: option(texts('ONNX files, names of shipped models, or the folder of a run').default([]), {
    group: 'Model',
    positional: true,
    repeatable: true,
    value: 'MODEL',
    help:
      'ONNX files or names of shipped models, two of them side by side; or the run folder of an evaluation, and a ' +
      'model beside it.',
    defaultText: 'mnist-standard mnist-w10-30',
  }),
  ...dataOptions,
  data: option(text('glyphs, mnist, fashion-mnist, cifar10 or a path').optional(), {
    group: 'Data',
    value: 'SOURCE',
    help: 'Images with labels, as gimbal evaluate takes them.',
    defaultText: 'pictures that come with the page',
  }),
  limit: option(whole({ from: 1, to: 20_000 }).optional(), {
    group: 'Data',
    value: 'N',
    help: 'Offer only the first N images.',
    defaultText: '100, evenly spaced over the data set',
  }),
  ...feedingOptions,
  rotation,
  translation,
  padding,
  convention,
  interpolation,
  mask,
  port: option(whole({ from: 1, to: 65_535 }).optional(), {
    group: 'Page',
    value: 'N',
    help: 'Port of the page, on this machine alone.',
    defaultText: 'a free one',
  }),
  open: option(toggle().default(true), { group: 'Page', help: 'Do not open a browser: print the address alone.' }),
});

export type ViewOptions = z.output<typeof viewSchema>;
