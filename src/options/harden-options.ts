import { z } from 'zod';
import { DEVICES } from '../runtime/runtime.ts';
import { evaluateSchema } from './evaluate-options.ts';
import { option } from '../settings/option.ts';
import { points, whole } from '../settings/numbers.ts';
import { choice, text, texts, toggle } from '../settings/value.ts';

const { split: _split, vote: _vote, failUnder: _failUnder, landscapes: _landscapes, ...shared } = evaluateSchema.shape;

/** `gimbal harden`: what it shares with `gimbal evaluate` comes from there. */
export const hardenSchema = z.object({
  model: shared.model,
  data: option(text('a source of images to train on'), {
    group: 'Data',
    value: 'SOURCE',
    help: 'Images to train on: whatever gimbal evaluate takes, its train split where there is one.',
    affectsResults: false,
  }),
  test: option(text('a source of images').optional(), {
    group: 'Data',
    value: 'SOURCE',
    help: 'Images to measure on, before and after.',
    defaultText: 'the test split of --data; without one, the images held out',
    affectsResults: false,
  }),
  labels: option(text('the path of a file, or none').optional(), {
    group: 'Data',
    value: 'FILE|none',
    help:
      "Labels of a .npy or single IDX file; none: the images have no labels, the model's own answers are the " +
      'teacher.',
    defaultText: 'those of the data',
    affectsResults: false,
  }),
  exclude: shared.exclude,
  classNames: shared.classNames,
  firstLabel: shared.firstLabel,
  classesDiffer: shared.classesDiffer,
  resize: shared.resize,
  crop: shared.crop,
  colour: shared.colour,
  pixelRange: shared.pixelRange,
  exif: shared.exif,
  skipUnreadable: shared.skipUnreadable,
  limit: option(whole({ from: 1 }).optional(), {
    group: 'Data',
    value: 'N',
    help: 'Images to measure on, evenly spaced over the test images.',
    defaultText: '300, from 100 px a side on 100',
  }),

  layout: shared.layout,
  size: shared.size,
  scale: shared.scale,
  mean: shared.mean,
  std: shared.std,
  perImageStandardization: shared.perImageStandardization,
  bgr: shared.bgr,
  output: shared.output,
  labelOffset: shared.labelOffset,

  rotation: shared.rotation,
  translation: shared.translation,
  keep: option(points().default(1), {
    group: 'Hardening',
    value: 'POINTS',
    help: 'Points of natural accuracy that may be lost before they weigh against robustness.',
  }),
  set: option(texts('changes of settings, each as epochs=3').default([]), {
    group: 'Hardening',
    repeatable: true,
    value: 'KEY=VALUE',
    help: 'Change a setting of the training; may be given again.',
  }),
  attacks: shared.attacks,
  grid: shared.grid,
  seed: shared.seed,

  threads: shared.threads,
  device: option(choice(DEVICES).default('cpu'), {
    group: 'Running',
    value: DEVICES.join('|'),
    help: 'Where updates and evaluations run.',
  }),
  out: option(text('a path').optional(), {
    group: 'Output',
    value: 'DIR',
    help: 'Run folder: model.onnx, report.html, result.json, checkpoints; the same command goes on where it stopped.',
    defaultText: 'gimbal-runs/, named by model and data',
    affectsResults: false,
  }),
  json: option(toggle().default(false), {
    group: 'Output',
    help: 'Print result.json on standard output.',
    affectsResults: false,
  }),
  quiet: option(toggle().default(false), {
    group: 'Output',
    help: 'Print only warnings and errors.',
    affectsResults: false,
  }),
});

/** The options of `gimbal harden`, read and resolved. */
export type HardenOptions = z.output<typeof hardenSchema>;
