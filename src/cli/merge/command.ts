import { mergeSchema } from '../../options/merge-options.ts';
import type { CliCommand } from '../cli-command.ts';
import { interruptible } from '../interrupt.ts';
import { optionsFrom } from '../options-from-argv.ts';

/** `gimbal merge FOLDER... --out DIR` */
export const mergeCommand: CliCommand = {
  name: 'merge',
  description:
    'Make one run folder of the shards of an evaluation on many machines: the same as on one. Or watch how far ' +
    'they are.',
  options: mergeSchema,
  async run(command, terminal) {
    const options = await optionsFrom(command, mergeSchema);
    const { runMerge } = await import('./run-merge.ts');
    return interruptible((signal) => runMerge(options, terminal, signal));
  },
};
