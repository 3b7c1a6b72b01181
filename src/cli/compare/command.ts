import { compareSchema } from '../../options/compare-options.ts';
import type { CliCommand } from '../cli-command.ts';
import { interruptible } from '../interrupt.ts';
import { optionsFrom } from '../options-from-argv.ts';

/** `gimbal compare A B --data SOURCE`, `gimbal compare RUN RUN...` */
export const compareCommand: CliCommand = {
  name: 'compare',
  description:
    'Draw the loss landscapes of two classifiers for the same images side by side; or set any number of runs ' +
    'side by side on one page.',
  options: compareSchema,
  examples: [
    'gimbal compare mnist-standard mnist-w10-30 --data mnist',
    'gimbal compare runs/before runs/after runs/voted --out side-by-side',
  ],
  async run(command, terminal, commandLine) {
    const options = await optionsFrom(command, compareSchema);
    const { runCompare } = await import('./run-compare.ts');
    return interruptible((signal) => runCompare(options, commandLine, terminal, signal));
  },
};
