import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { CliCommand } from '../commands.ts';
import { interruptible } from '../interrupt.ts';
import { wholeFrom1 } from '../whole-number.ts';

export interface ReproduceFlags {
  readonly data?: string;
  readonly exclude?: string;
  readonly out?: string;
  readonly only: readonly string[];
  readonly limit?: number;
  readonly set: readonly string[];
  readonly saved: boolean;
  readonly threads: number;
  readonly quiet: boolean;
}

const collect = (value: string, before: readonly string[]): string[] => [...before, value];

/** `gimbal reproduce mnist|cifar10` */
export const reproduceCommand: CliCommand = {
  name: 'reproduce',
  description: "Train and measure the rows of the paper's tables, and set the figures side by side. Finished parts are not redone.",
  define: (command) => command
    .argument('<table>', 'mnist or cifar10')
    .option('--data <source>', 'images: a name, folder or file, as for evaluate (default: the table\'s name)')
    .option('--exclude <file>', 'JSON file with test images to leave out, as for evaluate')
    .option('--out <dir>', 'folder of the runs (default: gimbal-runs/ and the table\'s name)')
    .option('--only <row>', 'this classifier alone; may be given again', collect, [])
    .option('--limit <n>', 'measure on no more than the first n test images', wholeFrom1)
    .option('--set <key=value>', 'change a setting of every recipe; may be given again', collect, [])
    .option('--saved', 'train and measure nothing: print what is saved', false)
    .option('--threads <n>', 'threads inside an operator', wholeFrom1, availableParallelism())
    .option('--quiet', 'no progress', false),
  async run(command, terminal, commandLine) {
    const { runReproduce } = await import('./run-reproduce.ts');
    const flags = command.opts<ReproduceFlags>();
    const out = flags.out ?? join('gimbal-runs', command.args[0]);
    return interruptible((signal) => runReproduce(command.args[0], { ...flags, out }, commandLine, terminal, signal));
  },
};
