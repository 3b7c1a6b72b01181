import { exportSchema } from '../../options/export-options.ts';
import type { CliCommand } from '../cli-command.ts';
import { optionsFrom } from '../options-from-argv.ts';

/** `gimbal export MODEL [--mirror] [--vote M] --out FILE` */
export const exportCommand: CliCommand = {
  name: 'export',
  description: 'Write a classifier with mirroring, a majority vote or both built in as one ONNX file.',
  options: exportSchema,
  examples: ['gimbal export runs/digits --vote 10 --out voted.onnx'],
  async run(command, terminal) {
    const options = await optionsFrom(command, exportSchema);
    const { exportModel } = await import('../../applications/export/export-model.ts');
    const { nodePlatform } = await import('../../node/platform.ts');
    const { file, facts } = await exportModel(nodePlatform, options);
    terminal.out(`${file}: ${facts.join('; ')}\n`);
    return 0;
  },
};
