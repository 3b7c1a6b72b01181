import { availableParallelism } from 'node:os';
import { storySchema } from '../../options/story-options.ts';
import type { CliCommand } from '../cli-command.ts';
import { TRAINING_PATIENCE, interruptible } from '../interrupt.ts';
import { optionsFrom } from '../options-from-argv.ts';

/** `gimbal story`: what `npm start` runs. */
export const storyCommand: CliCommand = {
  name: 'story',
  description:
    'The whole story in minutes: train a standard and a robust classifier on built-in images, attack both, compare.',
  options: storySchema,
  async run(command, terminal, commandLine) {
    const options = await optionsFrom(command, storySchema);
    const { runStory } = await import('./run-story.ts');
    const { threads = Math.min(2, availableParallelism()) } = options;
    return interruptible(
      (signal) => runStory({ ...options, threads }, commandLine, terminal, signal),
      TRAINING_PATIENCE,
    );
  },
};
