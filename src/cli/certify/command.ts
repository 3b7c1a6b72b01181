import { asEvaluation, certifySchema } from '../../options/certify-options.ts';
import type { CliCommand } from '../cli-command.ts';
import { interruptible } from '../interrupt.ts';
import { optionsFrom } from '../options-from-argv.ts';

/** `gimbal certify MODEL --data SOURCE` */
export const certifyCommand: CliCommand = {
  name: 'certify',
  description: 'Prove for how many images no whole-pixel shift and no angle fools a classifier, and bound the rest.',
  options: certifySchema,
  examples: [
    'gimbal certify model.onnx --data photos/ --size 64 --limit 200',
    'gimbal certify mnist-w10-30 --data mnist --grades rotation --mask circle',
    'gimbal certify model.onnx --data photos/ --grades bound --confidence 99',
  ],
  async run(command, terminal, commandLine) {
    const options = asEvaluation(await optionsFrom(command, certifySchema));
    // Only now, so that help and refusals need not wait for ONNX Runtime to load.
    const { evaluateModel } = await import('../evaluate/evaluate-model.ts');
    return interruptible((signal) => evaluateModel(options, commandLine, terminal, signal));
  },
};
