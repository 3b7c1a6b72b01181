import { hardenSchema } from '../../options/harden-options.ts';
import type { CliCommand } from '../cli-command.ts';
import { TRAINING_PATIENCE, interruptible } from '../interrupt.ts';
import { optionsFrom } from '../options-from-argv.ts';

/** `gimbal harden MODEL.onnx --data TRAIN [--test SOURCE] [--out DIR]` */
export const hardenCommand: CliCommand = {
  name: 'harden',
  description:
    'Harden a model that you have: the same ONNX file with weights that withstand rotations and translations.',
  options: hardenSchema,
  examples: ['gimbal harden model.onnx --data photos/ --out runs/hardened'],
  async run(command, terminal, commandLine) {
    const options = await optionsFrom(command, hardenSchema);
    const { runHardening } = await import('./run-hardening.ts');
    return interruptible((signal) => runHardening(options, commandLine, terminal, signal), TRAINING_PATIENCE);
  },
};
