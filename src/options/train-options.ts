import { z } from 'zod';
import { DEVICES } from '../runtime/runtime.ts';
import { dataOptions } from './data-options.ts';
import { option } from '../settings/option.ts';
import { MOST_THREADS } from '../settings/limits.ts';
import { whole } from '../settings/numbers.ts';
import { choice, text, texts, toggle } from '../settings/value.ts';

/** `gimbal train` */
export const trainSchema = z.object({
  recipe: option(text('the name of a recipe').optional(), {
    group: 'Training',
    positional: true,
    value: 'RECIPE',
    help: 'Name of a recipe, as mnist/w10-30; gimbal recipes lists them. It is fitted to few images, and says how.',
    defaultText: 'cifar10/robust-small, robust in minutes on a CPU',
  }),
  ...dataOptions,
  split: option(choice(['test', 'train']).default('train'), {
    group: 'Data',
    value: 'test|train',
    help: 'Part of the data set.',
  }),
  set: option(texts('changes of settings, each as rotation=15').default([]), {
    group: 'Training',
    repeatable: true,
    value: 'KEY=VALUE',
    help: 'Change a setting of the recipe; may be given again.',
  }),
  from: option(text('the path of a run or a checkpoint').optional(), {
    group: 'Training',
    value: 'RUN',
    help: 'Begin with the weights of a finished run: its folder, or a checkpoint.',
  }),
  resume: option(toggle().default(false), {
    group: 'Running',
    help: 'Changes nothing; older command lines have it. The same command goes on with the run in its folder.',
  }),
  threads: option(whole({ from: 1, to: MOST_THREADS }).optional(), {
    group: 'Running',
    value: 'N',
    help: 'Threads inside an operator.',
    defaultText: 'one for each core',
  }),
  device: option(choice(DEVICES).default('cpu'), {
    group: 'Running',
    value: DEVICES.join('|'),
    help: 'Where updates run; anything but cpu carries out many at a time there.',
  }),
  out: option(text('a path'), {
    group: 'Output',
    value: 'DIR',
    help: 'Run folder: checkpoint, metrics, report and in the end model.onnx.',
  }),
  quiet: option(toggle().default(false), { group: 'Output', help: 'Print only warnings, errors and the result.' }),
});

/** The options of `gimbal train`, read and resolved. */
export type TrainOptions = z.output<typeof trainSchema>;
