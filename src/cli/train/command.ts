import { trainSchema } from '../../options/train-options.ts';
import type { CliCommand } from '../cli-command.ts';
import { TRAINING_PATIENCE, interruptible } from '../interrupt.ts';
import { optionsFrom } from '../options-from-argv.ts';

/**
 * `gimbal train RECIPE --data SOURCE --out DIR [--resize N|HxW] [--crop N] [--set key=value] [--from RUN] [--resume]`
 */
export const trainCommand: CliCommand = {
  name: 'train',
  description: 'Train a classifier by a recipe; the result is a plain ONNX file.',
  options: trainSchema,
  examples: ['gimbal train mnist/w10-30 --data digits/ --out runs/digits'],
  async run(command, terminal, commandLine) {
    const options = await optionsFrom(command, trainSchema);
    const { runTraining } = await import('./run-training.ts');
    return interruptible((signal) => runTraining(options, commandLine, terminal, signal), TRAINING_PATIENCE);
  },
};
