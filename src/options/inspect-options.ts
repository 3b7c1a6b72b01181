import { z } from 'zod';
import { dataOptions } from './data-options.ts';
import { evaluateSchema } from './evaluate-options.ts';
import { option } from '../settings/option.ts';
import { dimensions } from './image-values.ts';
import { whole } from '../settings/numbers.ts';
import { text, toggle } from '../settings/value.ts';

const feeding = evaluateSchema.shape;

/** `gimbal inspect` */
export const inspectSchema = z.object({
  model: option(text('the path of an ONNX file or the name of a shipped model'), {
    group: 'Model',
    positional: true,
    value: 'MODEL',
    help: 'An ONNX file, or the name of a shipped model, as mnist-w10-30.',
  }),
  shape: option(dimensions().optional(), {
    group: 'Model',
    value: '3x224x224',
    help: 'Sizes of the input without the batch, to count multiply-adds where the model leaves them open.',
    defaultText: 'read from the model',
  }),
  layout: feeding.layout,
  size: feeding.size,
  output: feeding.output,
  labelOffset: feeding.labelOffset,
  ...dataOptions,
  data: option(text('glyphs, mnist, fashion-mnist, cifar10 or a path').optional(), {
    group: 'Data',
    value: 'SOURCE',
    help:
      'Images with labels, as gimbal evaluate takes them: the usual preprocessing, sizes and label offsets are ' +
      'tried on some of them, and the flags that win are printed.',
    defaultText: 'none are tried',
    affectsResults: false,
  }),
  limit: option(whole({ from: 1 }).optional(), {
    group: 'Data',
    value: 'N',
    help: 'Images to try, evenly spaced over the data set.',
    defaultText: '50',
  }),
  json: option(toggle().default(false), { group: 'Output', help: 'Print JSON.' }),
});

/** The options of `gimbal inspect`, read and resolved. */
export type InspectOptions = z.output<typeof inspectSchema>;
