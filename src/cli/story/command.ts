import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { CliCommand } from '../commands.ts';
import { interruptible } from '../interrupt.ts';
import { wholeFrom1 } from '../whole-number.ts';

export interface StoryFlags {
  readonly out: string;
  readonly threads: number;
  readonly quiet: boolean;
}

/** `gimbal story`: what `npm start` runs. */
export const storyCommand: CliCommand = {
  name: 'story',
  description: 'The whole story in minutes: train a standard and a robust classifier on built-in images, attack both, compare.',
  define: (command) => command
    .option('--out <dir>', 'folder for everything; the same command goes on where it stopped', join('gimbal-runs', 'story'))
    .option('--threads <n>', 'threads inside an operator', wholeFrom1, Math.min(2, availableParallelism()))
    .option('--quiet', 'no progress', false),
  async run(command, terminal, commandLine) {
    const { runStory } = await import('./run-story.ts');
    return interruptible((signal) => runStory(command.opts<StoryFlags>(), commandLine, terminal, signal));
  },
};
