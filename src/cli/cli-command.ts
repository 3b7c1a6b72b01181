import type { Command } from 'commander';
import type { z } from 'zod';
import type { Terminal } from './terminal.ts';

/** A subcommand of `gimbal`. */
export interface CliCommand {
  readonly name: string;
  readonly description: string;
  /** The schema of its arguments and options. */
  readonly options: z.ZodObject;
  /** Command lines for the end of its help. */
  readonly examples?: readonly string[];
  /**
   * @param commandLine how to give the same command again
   * @returns exit code
   */
  run(command: Command, terminal: Terminal, commandLine: string): Promise<number>;
}
