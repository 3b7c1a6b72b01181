import { Command, CommanderError } from 'commander';
import { GimbalError } from '../errors/error.ts';
import { wordOptions } from '../errors/option-words.ts';
import { settling } from '../node/settling.ts';
import { GIMBAL_VERSION } from '../node/version.ts';
import type { CliCommand } from './cli-command.ts';
import { COMMANDS } from './commands.ts';
import { report } from './errors.ts';
import { EXIT_CODES, MISUSED } from './exit-codes.ts';
import { fittingAdvice } from './fitting-advice.ts';
import { AS_FLAGS } from './flags.ts';
import { EXAMPLES, examplesText, HELP_LAYOUT, helpWidth, wrapped } from './help.ts';
import { addOptions } from './options-from-argv.ts';
import { flagOfSetting } from './setting-flag.ts';
import { shellCommand } from './shell-command.ts';
import { type Terminal, processTerminal } from './terminal.ts';

/**
 * The command `gimbal`.
 *
 * @param argv arguments without those of Node: `['evaluate', 'model.onnx', '--data', 'mnist']`
 * @returns exit code; see `exit-codes.ts`, and 130, 143, 129 for stopped by Ctrl-C, SIGTERM, SIGHUP
 */
export async function main(argv: readonly string[], terminal: Terminal = processTerminal()): Promise<number> {
  wordOptions(AS_FLAGS);
  let exitCode = 0;
  const program = new Command('gimbal')
    .description('Break, measure and harden image classifiers against rotations and translations.')
    .version(GIMBAL_VERSION, '-V, --version', 'Show the version.')
    .helpOption('-h, --help', 'Show this help.')
    .helpCommand('help [COMMAND]', 'Show the help of a command.')
    .addHelpText('after', `\n${examplesText(EXAMPLES)}\n\n${wrapped(EXIT_CODES)}`)
    .configureHelp(HELP_LAYOUT)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out(text),
      writeErr: (text) => terminal.error(text),
      outputError: () => undefined,
      getOutHelpWidth: () => helpWidth(terminal),
      getErrHelpWidth: () => helpWidth(terminal),
    });
  for (const command of COMMANDS) {
    const subcommand = program.command(command.name).description(command.description);
    addOptions(subcommand, command.options);
    if (command.examples !== undefined) subcommand.addHelpText('after', `\n${examplesText(command.examples)}`);
    subcommand.action(async () => {
      exitCode = await command.run(subcommand, terminal, shellCommand(argv)).catch((error) => {
        throw error instanceof GimbalError ? fittingAdvice(error, command, COMMANDS) : error;
      });
    });
  }
  try {
    await settling(shellCommand(argv), () => program.parseAsync(argv, { from: 'user' }));
    return exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) {
      return report(error, terminal, argv.includes('--debug'));
    }
    return usage(
      error,
      terminal,
      COMMANDS.find(({ name }) => name === argv[0]),
    );
  }
}

/**
 * Help and version end well, and a command left out shows the help; what else commander refuses is one line.
 * @param command the one that was given
 */
async function usage(error: CommanderError, terminal: Terminal, command: CliCommand | undefined): Promise<number> {
  if (error.exitCode === 0) {
    return 0;
  }
  if (error.code !== 'commander.help') {
    const message =
      (await flagOfSetting(error.message, command)) ??
      error.message
        .replace(/^error: /, '')
        .replaceAll('\n', ' ')
        .replace(/\.$/, '');
    terminal.error(`gimbal: ${message}. See ${['gimbal', command?.name, '--help'].filter(Boolean).join(' ')}.\n`);
  }
  return MISUSED;
}
