import { z } from 'zod';
import { DEVICES } from '../runtime/runtime.ts';
import { dataOptions } from './data-options.ts';
import { option } from '../settings/option.ts';
import { trainSchema } from './train-options.ts';
import { whole } from '../settings/numbers.ts';
import { choice, text, texts, toggle } from '../settings/value.ts';

// Its tables say which images are trained and measured on.
const { data: _, split: _split, offset: _offset, spread: _spread, labels: _labels, ...reading } = dataOptions;
const { threads, quiet } = trainSchema.shape;

/** `gimbal reproduce` */
export const reproduceSchema = z.object({
  table: option(text('mnist, cifar10 or imagenet'), {
    group: 'Table',
    positional: true,
    value: 'TABLE',
    help: 'mnist, cifar10 or imagenet.',
  }),
  only: option(texts('names of rows, or all').default([]), {
    group: 'Table',
    repeatable: true,
    value: 'ROW',
    help: 'Train and measure this classifier alone, or all; may be given again.',
  }),
  saved: option(toggle().default(false), {
    group: 'Table',
    help: 'Train and measure nothing: print the results that come with Gimbal and those in the folder of the runs.',
  }),
  shipped: option(toggle().default(false), {
    group: 'Table',
    help: 'Train nothing: measure the models that come with Gimbal, where saved results are missing.',
  }),
  data: option(text('glyphs, mnist, fashion-mnist, cifar10 or a path').optional(), {
    group: 'Data',
    value: 'SOURCE',
    help: 'Images: a name, folder or file, as for gimbal evaluate.',
    defaultText: "the table's name",
  }),
  ...reading,
  limit: option(whole({ from: 1 }).optional(), {
    group: 'Data',
    value: 'N',
    help: 'Measure on no more than the first N test images.',
    defaultText: "the table's own",
  }),
  set: option(texts('changes of settings, each as epochs=5').default([]), {
    group: 'Training',
    repeatable: true,
    value: 'KEY=VALUE',
    help: 'Change a setting of every recipe; may be given again.',
  }),
  threads,
  device: option(choice(DEVICES).default('cpu'), {
    group: 'Running',
    value: DEVICES.join('|'),
    help: 'Where training and measuring run.',
  }),
  out: option(text('a path').optional(), {
    group: 'Output',
    value: 'DIR',
    help: 'Folder of the runs.',
    defaultText: "gimbal-runs/ and the table's name",
  }),
  saveResults: option(text('a path').optional(), {
    group: 'Output',
    value: 'DIR',
    help: 'Write what is finished in the folder of the runs as small files, as in results/.',
  }),
  machine: option(text('some words').optional(), {
    group: 'Output',
    value: 'WORDS',
    help: 'With --save-results: what the runs were made on.',
    defaultText: 'this machine',
  }),
  quiet,
});

/** The options of `gimbal reproduce`, read and resolved. */
export type ReproduceOptions = z.output<typeof reproduceSchema>;
