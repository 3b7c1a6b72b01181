import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Option } from 'commander';
import { DEVICES, type Device } from '../../runtime/runtime.ts';
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
  readonly shipped: boolean;
  readonly saveResults?: string;
  readonly machine?: string;
  readonly threads: number;
  readonly device: Device;
  readonly quiet: boolean;
}

const collect = (value: string, before: readonly string[]): string[] => [...before, value];

/** `gimbal reproduce mnist|cifar10` */
export const reproduceCommand: CliCommand = {
  name: 'reproduce',
  description: "The paper's tables: what was published and what Gimbal reaches, side by side. mnist trains and measures all rows first; cifar10, which takes days, prints what is saved and redoes the rows that --only names.",
  define: (command) => command
    .argument('<table>', 'mnist or cifar10')
    .option('--data <source>', 'images: a name, folder or file, as for evaluate (default: the table\'s name)')
    .option('--exclude <file>', 'JSON file with test images to leave out, as for evaluate')
    .option('--out <dir>', 'folder of the runs (default: gimbal-runs/ and the table\'s name)')
    .option('--only <row>', 'train and measure this classifier alone, or all; may be given again', collect, [])
    .option('--limit <n>', 'measure on no more than the first n test images', wholeFrom1)
    .option('--set <key=value>', 'change a setting of every recipe; may be given again', collect, [])
    .option('--saved', 'train and measure nothing: print the results that come with Gimbal and those in the folder of the runs', false)
    .option('--shipped', 'train nothing: measure of the models that come with Gimbal what the saved results do not tell', false)
    .option('--save-results <dir>', 'write what is finished in the folder of the runs as small files, as in results/')
    .option('--machine <words>', 'with --save-results: what the runs were made on (default: this machine)')
    .option('--threads <n>', 'threads inside an operator', wholeFrom1, availableParallelism())
    .addOption(new Option('--device <name>', 'where training and measuring run').choices(DEVICES).default('cpu'))
    .option('--quiet', 'no progress', false),
  async run(command, terminal, commandLine) {
    const { runReproduce } = await import('./run-reproduce.ts');
    const flags = command.opts<ReproduceFlags>();
    const out = flags.out ?? join('gimbal-runs', command.args[0]);
    return interruptible((signal) => runReproduce(command.args[0], { ...flags, out }, commandLine, terminal, signal));
  },
};
