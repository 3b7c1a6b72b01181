import { compareSchema } from '../../options/compare-options.ts';
import type { CliCommand } from '../cli-command.ts';
import { interruptible } from '../interrupt.ts';
import { optionsFrom } from '../options-from-argv.ts';

/** `gimbal compare A B --data SOURCE` */
export const compareCommand: CliCommand = {
  name: 'compare',
  description: 'Draw the loss landscapes of two classifiers for the same images side by side, on one scale of colours.',
  options: compareSchema,
  async run(command, terminal) {
    const options = await optionsFrom(command, compareSchema);
    const { runCompare } = await import('./run-compare.ts');
    return interruptible((signal) => runCompare(options, terminal, signal));
  },
};
