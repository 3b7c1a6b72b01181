import { z } from 'zod';
import { option } from '../settings/option.ts';
import { text, toggle } from '../settings/value.ts';

/** `gimbal difference` */
export const differenceSchema = z.object({
  a: option(text('the run folder of an evaluation'), {
    group: 'Runs',
    positional: true,
    value: 'A',
    help: 'The run folder of an evaluation.',
  }),
  b: option(text('the run folder of an evaluation'), {
    group: 'Runs',
    positional: true,
    value: 'B',
    help: 'Another, of the same data.',
  }),
  json: option(toggle().default(false), { group: 'Output', help: 'Print JSON.' }),
});

/** The options of `gimbal difference`, read and resolved. */
export type DifferenceOptions = z.output<typeof differenceSchema>;
