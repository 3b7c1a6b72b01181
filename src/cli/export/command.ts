import { exportSchema } from '../../options/export-options.ts';
import type { CliCommand } from '../commands.ts';
import { optionsFrom } from '../options-from-argv.ts';

/** `gimbal export MODEL --vote M --out FILE` */
export const exportCommand: CliCommand = {
  name: 'export',
  description: 'Write the majority-voted form of a classifier as one ONNX file.',
  options: exportSchema,
  async run(command, terminal) {
    const options = await optionsFrom(command, exportSchema);
    const { exportVote } = await import('./export-vote.ts');
    return exportVote(options, terminal);
  },
};
