import { differenceSchema } from '../../options/difference-options.ts';
import type { CliCommand } from '../cli-command.ts';
import { optionsFrom } from '../options-from-argv.ts';

/** `gimbal difference A B` */
export const differenceCommand: CliCommand = {
  name: 'difference',
  description:
    'Tell by how much two evaluations differ on the images that both hold, attack by attack, ' +
    'with intervals that know that they are the same images.',
  options: differenceSchema,
  async run(command, terminal) {
    const options = await optionsFrom(command, differenceSchema);
    const { tellDifference } = await import('./tell-difference.ts');
    return tellDifference(options, terminal);
  },
};
