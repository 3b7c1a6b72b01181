import { viewSchema } from '../../options/view-options.ts';
import type { CliCommand } from '../cli-command.ts';
import { interruptible } from '../interrupt.ts';
import { optionsFrom } from '../options-from-argv.ts';

/** `gimbal view [MODEL ...]` and `gimbal view RUN` */
export const viewCommand: CliCommand = {
  name: 'view',
  description: 'Open a page on which a picture is turned by hand and models are seen to fail, or the images of a run.',
  options: viewSchema,
  examples: [
    'gimbal view',
    'gimbal view cifar10-standard cifar10-robust-small --data cifar10',
    'gimbal view gimbal-runs/RUN',
    'gimbal view gimbal-runs/RUN hardened.onnx',
  ],
  async run(command, terminal) {
    const options = await optionsFrom(command, viewSchema);
    const { viewPage } = await import('./view-page.ts');
    return interruptible((signal) => viewPage(options, terminal, signal));
  },
};
