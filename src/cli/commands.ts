import type { CliCommand } from './cli-command.ts';
import { certifyCommand } from './certify/command.ts';
import { compareCommand } from './compare/command.ts';
import { differenceCommand } from './difference/command.ts';
import { evaluateCommand } from './evaluate/command.ts';
import { exportCommand } from './export/command.ts';
import { hardenCommand } from './harden/command.ts';
import { inspectCommand } from './inspect/command.ts';
import { mergeCommand } from './merge/command.ts';
import { recipesCommand } from './recipes/command.ts';
import { reproduceCommand } from './reproduce/command.ts';
import { storyCommand } from './story/command.ts';
import { trainCommand } from './train/command.ts';
import { viewCommand } from './view/command.ts';

/** Each in a file or folder of its own. */
export const COMMANDS: readonly CliCommand[] = [
  evaluateCommand,
  certifyCommand,
  mergeCommand,
  differenceCommand,
  compareCommand,
  inspectCommand,
  viewCommand,
  hardenCommand,
  trainCommand,
  recipesCommand,
  exportCommand,
  reproduceCommand,
  storyCommand,
];
