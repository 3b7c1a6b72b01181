import { availableParallelism } from 'node:os';
import { Option } from 'commander';
import { DEVICES, type Device } from '../../runtime/runtime.ts';
import type { CliCommand } from '../commands.ts';
import { interruptible } from '../interrupt.ts';
import { wholeFrom1 } from '../whole-number.ts';

export interface TrainFlags {
  readonly data: string;
  readonly resize?: string;
  readonly crop?: number;
  readonly out: string;
  readonly set: readonly string[];
  readonly from?: string;
  readonly resume: boolean;
  readonly threads: number;
  readonly device: Device;
  readonly quiet: boolean;
}

/** `gimbal train RECIPE --data SOURCE --out DIR [--resize N|HxW] [--crop N] [--set key=value] [--from RUN] [--resume]` */
export const trainCommand: CliCommand = {
  name: 'train',
  description: 'Train a classifier by a recipe; the result is a plain ONNX file.',
  define: (command) => command
    .argument('<recipe>', 'name of a recipe (see gimbal recipes)')
    .requiredOption('--data <source>', 'training images: a name, folder or file, as for evaluate')
    .option('--resize <N|HxW>', 'scale images so that the short side has N pixels, or to both sides')
    .option('--crop <N>', 'cut a square of N pixels from the centre', wholeFrom1)
    .requiredOption('--out <dir>', 'run folder: checkpoint, metrics, report and in the end model.onnx')
    .option('--set <key=value>', 'change a setting of the recipe; may be given again', (change: string, before: string[]) => [...before, change], [])
    .option('--from <run>', 'begin with the weights of a finished run (its folder or checkpoint)')
    .option('--resume', 'go on with the run in the folder', false)
    .option('--threads <n>', 'threads inside an operator', wholeFrom1, availableParallelism())
    .addOption(new Option('--device <name>', 'where updates run; anything but cpu carries out many at a time there').choices(DEVICES).default('cpu'))
    .option('--quiet', 'no progress', false),
  async run(command, terminal, commandLine) {
    const { runTraining } = await import('./run-training.ts');
    return interruptible((signal) => runTraining(command.args[0], command.opts<TrainFlags>(), commandLine, terminal, signal));
  },
};
