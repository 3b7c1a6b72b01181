import { z } from 'zod';
import { DATA_EXPECTED, dataOptions } from './data-options.ts';
import { evaluateSchema } from './evaluate-options.ts';
import { feedingOptions } from './feeding-options.ts';
import { option } from '../settings/option.ts';
import { whole } from '../settings/numbers.ts';
import { text, texts } from '../settings/value.ts';

const { rotation, translation, padding, convention, interpolation, device, batch, threads, quiet } =
  evaluateSchema.shape;

/** `gimbal compare` */
export const compareSchema = z.object({
  compared: option(texts('ONNX files, names of shipped models, or run folders'), {
    group: 'Compared',
    positional: true,
    repeatable: true,
    value: 'MODEL|RUN',
    help:
      'Two ONNX files or names of shipped models, whose landscapes are drawn; or two and more run folders of ' +
      'gimbal evaluate.',
  }),
  ...dataOptions,
  data: option(text(DATA_EXPECTED).optional(), {
    group: 'Data',
    value: 'SOURCE',
    help: 'For models: the images, whatever gimbal evaluate takes. Runs have theirs.',
    defaultText: 'those of the runs',
    affectsResults: false,
  }),
  limit: option(whole({ from: 1, to: 10_000 }).default(5), {
    group: 'Data',
    value: 'N',
    help:
      'Images to compare on, and their mean: the first of each class, then the second (evenly spaced with ' +
      '--spread); 1,525 evaluations each.',
  }),
  images: option(whole({ from: 1, to: 10_000 }).optional(), {
    group: 'Data',
    value: 'N',
    help: 'The same as --limit.',
  }),
  ...feedingOptions,
  rotation,
  translation,
  padding,
  convention,
  interpolation,
  device,
  batch,
  threads,
  out: option(text('a path').default('gimbal-runs/compare'), {
    group: 'Output',
    value: 'DIR',
    help: 'Folder for report.html, report.md, comparison.json, and of models the figures (SVG).',
  }),
  quiet,
});

/** The options of `gimbal compare`, read and resolved. */
export type CompareOptions = z.output<typeof compareSchema>;
