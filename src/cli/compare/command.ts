import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { CliCommand } from '../commands.ts';
import { interruptible } from '../interrupt.ts';
import { wholeFrom1 } from '../whole-number.ts';

export interface CompareFlags {
  readonly data: string;
  readonly exclude?: string;
  readonly images: number;
  readonly rotation?: string;
  readonly translation?: string;
  readonly out: string;
  readonly threads: number;
  readonly quiet: boolean;
}

/** `gimbal compare A B --data SOURCE` */
export const compareCommand: CliCommand = {
  name: 'compare',
  description: 'Draw the loss landscapes of two classifiers for the same images side by side, on one scale of colours.',
  define: (command) => command
    .argument('<a>', 'ONNX file, or the name of a shipped model')
    .argument('<b>', 'another')
    .requiredOption('--data <source>', 'images: a name, folder or file, as for evaluate')
    .option('--exclude <file>', 'JSON file with test images to leave out, as for evaluate')
    .option('--images <n>', 'the first n test images, and their mean; 1,525 evaluations each', wholeFrom1, 5)
    .option('--rotation <deg>', 'largest rotation either way, in degrees (default: 30)')
    .option('--translation <limit>', "largest shift, as 3px or 10% (default: the paper's for the image size)")
    .option('--out <dir>', 'folder for the figures (SVG)', join('gimbal-runs', 'compare'))
    .option('--threads <n>', 'threads to use', wholeFrom1, availableParallelism())
    .option('--quiet', 'no progress, no table', false),
  async run(command, terminal) {
    const { runCompare } = await import('./run-compare.ts');
    const [a, b] = command.args;
    return interruptible((signal) => runCompare([a, b], command.opts<CompareFlags>(), terminal, signal));
  },
};
