import type { Command } from 'commander';
import type { z } from 'zod';
import { compareCommand } from './compare/command.ts';
import { evaluateCommand } from './evaluate/command.ts';
import { exportCommand } from './export/command.ts';
import { inspectCommand } from './inspect/command.ts';
import { recipesCommand } from './recipes/command.ts';
import { reproduceCommand } from './reproduce/command.ts';
import { storyCommand } from './story/command.ts';
import { trainCommand } from './train/command.ts';
import type { Terminal } from './terminal.ts';

/** A subcommand of `gimbal`. */
export interface CliCommand {
  readonly name: string;
  readonly description: string;
  /** The schema of its arguments and options. */
  readonly options: z.ZodObject;
  /**
   * @param commandLine how to give the same command again
   * @returns exit code
   */
  run(command: Command, terminal: Terminal, commandLine: string): Promise<number>;
}

/** Each in a file or folder of its own. */
export const COMMANDS: readonly CliCommand[] = [evaluateCommand, compareCommand, inspectCommand, trainCommand, recipesCommand, exportCommand, reproduceCommand, storyCommand];
