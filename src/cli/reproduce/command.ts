import { reproduceSchema } from '../../options/reproduce-options.ts';
import type { CliCommand } from '../cli-command.ts';
import { TRAINING_PATIENCE, interruptible } from '../interrupt.ts';
import { optionsFrom } from '../options-from-argv.ts';

/** `gimbal reproduce mnist|cifar10|imagenet` */
export const reproduceCommand: CliCommand = {
  name: 'reproduce',
  description:
    "The paper's tables: what was published and what Gimbal reaches, side by side. mnist trains and measures " +
    'all rows first; cifar10 and imagenet, which take days, print what is saved and redo the rows that --only ' +
    'names.',
  options: reproduceSchema,
  async run(command, terminal, commandLine) {
    const options = await optionsFrom(command, reproduceSchema);
    const { runReproduce } = await import('./run-reproduce.ts');
    return interruptible((signal) => runReproduce(options, commandLine, terminal, signal), TRAINING_PATIENCE);
  },
};
