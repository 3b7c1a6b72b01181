import type { CliCommand } from '../commands.ts';

export interface ExportFlags {
  readonly vote: string;
  readonly out: string;
  readonly rotation?: string;
  readonly translation?: string;
  readonly seed: string;
}

/** `gimbal export MODEL --vote M --out FILE` */
export const exportCommand: CliCommand = {
  name: 'export',
  description: 'Write the majority-voted form of a classifier as one ONNX file.',
  define: (command) => command
    .argument('<model>', 'ONNX classifier that takes N×C×H×W raw pixels, the name of a shipped model, or the run folder of gimbal train')
    .requiredOption('--vote <m>', 'number of transformations that vote')
    .requiredOption('--out <file>', 'ONNX file to write')
    .option('--rotation <deg>', 'limit of the rotations (default: those that the model was trained with, else 30)')
    .option('--translation <limit>', 'limit of the shifts, as 3px or 10% (default: as for the rotation, else the paper\'s for the size)')
    .option('--seed <n>', 'decides which transformations vote', '0'),
  async run(command, terminal) {
    const { exportVote } = await import('./export-vote.ts');
    return exportVote(command.args[0], command.opts<ExportFlags>(), terminal);
  },
};
