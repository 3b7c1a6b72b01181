import { z } from 'zod';
import { option } from '../settings/option.ts';
import { trainSchema } from './train-options.ts';
import { MOST_THREADS } from '../settings/limits.ts';
import { whole } from '../settings/numbers.ts';
import { text } from '../settings/value.ts';

const { quiet } = trainSchema.shape;

/** `gimbal story` */
export const storySchema = z.object({
  limit: option(whole({ from: 1, to: 300 }).optional(), {
    group: 'Data',
    value: 'N',
    help: 'Images that each row is attacked on.',
    defaultText: '300; fewer where the machine is slow, so that all takes five minutes',
  }),
  threads: option(whole({ from: 1, to: MOST_THREADS }).optional(), {
    group: 'Running',
    value: 'N',
    help: 'Threads inside an operator.',
    defaultText: 'one for each core, two at most',
  }),
  out: option(text('a path').default('gimbal-runs/story'), {
    group: 'Output',
    value: 'DIR',
    help: 'Folder for everything; the same command goes on where it stopped.',
  }),
  quiet,
});

export type StoryOptions = z.output<typeof storySchema>;
