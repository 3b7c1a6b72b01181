import { inspectSchema } from '../../options/inspect-options.ts';
import type { CliCommand } from '../cli-command.ts';
import { optionsFrom } from '../options-from-argv.ts';

/** `gimbal inspect MODEL` */
export const inspectCommand: CliCommand = {
  name: 'inspect',
  description:
    'Show what an ONNX file holds, what it costs, how it would be fed, and whether it can be differentiated.',
  options: inspectSchema,
  examples: ['gimbal inspect model.onnx', 'gimbal inspect model.onnx --data photos/'],
  async run(command, terminal) {
    const options = await optionsFrom(command, inspectSchema);
    // Only now, so that help and refusals need not wait for the operators' definitions to load.
    const { printInspection } = await import('./print-inspection.ts');
    return printInspection(options, terminal);
  },
};
