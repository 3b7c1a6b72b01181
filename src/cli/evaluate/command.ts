import { evaluateSchema } from '../../options/evaluate-options.ts';
import type { CliCommand } from '../cli-command.ts';
import { interruptible } from '../interrupt.ts';
import { optionsFrom } from '../options-from-argv.ts';

/** `gimbal evaluate MODEL --data SOURCE` */
export const evaluateCommand: CliCommand = {
  name: 'evaluate',
  description: 'Measure how a classifier withstands rotations and translations.',
  options: evaluateSchema,
  examples: [
    'gimbal evaluate model.onnx --data photos/ --resize 256 --crop 224',
    'gimbal evaluate mnist-w10-30 --data mnist --limit 300 --exhaustive',
    'gimbal evaluate model.onnx --data photos/ --fail-under grid=60 --json',
  ],
  async run(command, terminal, commandLine) {
    const options = await optionsFrom(command, evaluateSchema);
    // Only now, so that help and refusals need not wait for ONNX Runtime to load.
    const { evaluateModel } = await import('./evaluate-model.ts');
    return interruptible((signal) => evaluateModel(options, commandLine, terminal, signal));
  },
};
