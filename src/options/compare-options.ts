import { z } from 'zod';
import { dataOptions } from './data-options.ts';
import { evaluateSchema } from './evaluate-options.ts';
import { option } from '../settings/option.ts';
import { whole } from '../settings/numbers.ts';
import { text } from '../settings/value.ts';

const { rotation, translation, threads, quiet } = evaluateSchema.shape;

/** `gimbal compare` */
export const compareSchema = z.object({
  a: option(text('the path of an ONNX file or the name of a shipped model'), {
    group: 'Models',
    positional: true,
    value: 'A',
    help: 'An ONNX file, or the name of a shipped model.',
  }),
  b: option(text('the path of an ONNX file or the name of a shipped model'), {
    group: 'Models',
    positional: true,
    value: 'B',
    help: 'Another.',
  }),
  ...dataOptions,
  limit: option(whole({ from: 1, to: 10_000 }).default(5), {
    group: 'Data',
    value: 'N',
    help: 'Take only the first N images, and their mean; 1,525 evaluations each.',
  }),
  images: option(whole({ from: 1, to: 10_000 }).optional(), {
    group: 'Data',
    value: 'N',
    help: 'The same as --limit.',
  }),
  rotation,
  translation,
  threads,
  out: option(text('a path').default('gimbal-runs/compare'), {
    group: 'Output',
    value: 'DIR',
    help: 'Folder for the figures (SVG).',
  }),
  quiet,
});

export type CompareOptions = z.output<typeof compareSchema>;
