import { z } from 'zod';
import { option } from '../settings/option.ts';
import { trainSchema } from './train-options.ts';
import { MOST_THREADS } from '../settings/limits.ts';
import { whole } from '../settings/numbers.ts';
import { text } from '../settings/value.ts';

const { quiet } = trainSchema.shape;

/** Images that each row of the story has (studies/story.ts). */
const STORY_IMAGES = 300;

/** `gimbal story` */
export const storySchema = z.object({
  limit: option(whole({ from: 1, to: STORY_IMAGES }).optional(), {
    group: 'Data',
    value: 'N',
    help: 'Images that each row is attacked on.',
    defaultText: `${STORY_IMAGES}; fewer where the machine would take longer than five minutes`,
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
