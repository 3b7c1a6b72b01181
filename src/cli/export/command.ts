import { exportSchema } from '../../options/export-options.ts';
import type { CliCommand } from '../cli-command.ts';
import { optionsFrom } from '../options-from-argv.ts';

/** `gimbal export MODEL [--with MODEL] [--mirror] [--align K | --vote M] --out FILE` */
export const exportCommand: CliCommand = {
  name: 'export',
  description:
    'Write a classifier with mirroring, turned copies, a vote or other classifiers built in as one ONNX file.',
  options: exportSchema,
  examples: [
    'gimbal export runs/digits --vote 10 --out voted.onnx',
    'gimbal export model.onnx --align 7 --out aligned.onnx',
    'gimbal export mnist-robust --with mnist-w10-40 --out mean.onnx',
  ],
  async run(command, terminal) {
    const options = await optionsFrom(command, exportSchema);
    const { exportModel } = await import('../../applications/export/export-model.ts');
    const { nodePlatform } = await import('../../node/platform.ts');
    const { file, facts } = await exportModel(nodePlatform, options);
    terminal.out(`${file}: ${facts.join('; ')}\n`);
    return 0;
  },
};
