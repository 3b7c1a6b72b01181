import { z } from 'zod';
import { option } from '../settings/option.ts';
import { text, texts, toggle } from '../settings/value.ts';

const SHARDS = 'Shards';
const OUTPUT = 'Output';

/** `gimbal merge` */
export const mergeSchema = z.object({
  folders: option(texts('folders of shards'), {
    group: SHARDS,
    positional: true,
    repeatable: true,
    value: 'FOLDER',
    help: 'The --out of gimbal evaluate --shard, or folders of single shards.',
  }),
  out: option(text('a path').optional(), {
    group: OUTPUT,
    value: 'DIR',
    help: 'Run folder of the whole evaluation. With --watch it may be left out.',
  }),
  partial: option(toggle().default(false), {
    group: SHARDS,
    help: 'Take the images that are there, and say so.',
  }),
  watch: option(toggle().default(false), {
    group: SHARDS,
    help: 'Show how far the shards are until all are done, then merge.',
  }),
  model: option(text('a path').optional(), {
    group: SHARDS,
    value: 'MODEL',
    help: 'Where the model lies now.',
    defaultText: 'where the shards found it',
  }),
  data: option(text('a path').optional(), {
    group: SHARDS,
    value: 'SOURCE',
    help: 'Where the data lie now.',
    defaultText: 'where the shards found them',
  }),
  json: option(toggle().default(false), { group: OUTPUT, help: 'Print the result as JSON.' }),
  quiet: option(toggle().default(false), { group: OUTPUT, help: 'Print only warnings and errors.' }),
});

export type MergeOptions = z.output<typeof mergeSchema>;
