import { Argument, type Command, Option } from 'commander';
import { z } from 'zod';
import { readJson } from '../ports/read-json.ts';
import { nodeFiles } from '../node/files.ts';
import { type OptionEntry, optionEntries } from '../settings/option.ts';
import { describeDefault, flagOf } from '../options/options-table.ts';
import { type OptionValues, readOptions } from '../options/read-options.ts';

const GENERAL = 'General:';

/**
 * Adds a schema's options to a command, and `--config`. None is required of commander, which would tell what is missing
 * before what is misspelt: the schema tells what is missing.
 */
export function addOptions(command: Command, schema: z.ZodObject): void {
  for (const entry of optionEntries(schema)) {
    if (entry.positional) {
      command.addArgument(new Argument(`[${entry.value}${entry.repeatable ? '...' : ''}]`, entry.help));
    } else if (entry.value === undefined) {
      addToggle(command, entry);
    } else {
      const flag = new Option(`--${entry.name} <${entry.value}>`, helpOf(entry)).helpGroup(`${entry.group}:`);
      command.addOption(entry.repeatable ? flag.argParser(collect) : flag);
    }
  }
  command.addOption(
    new Option('--config <FILE>', 'JSON file with options by name; flags override it.').helpGroup(GENERAL),
  );
  command.addOption(new Option('--debug', 'Show the stack of an error.').helpGroup(GENERAL));
  command.addHelpOption(new Option('-h, --help', 'Show this help.').helpGroup(GENERAL)).helpCommand(false);
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

/** Both forms, so that a flag can undo what a config file says; help shows the one that changes the default. */
function addToggle(command: Command, entry: OptionEntry): void {
  const shown = flagOf(entry);
  for (const flag of [`--${entry.name}`, `--no-${entry.name}`]) {
    command.addOption(new Option(flag, helpOf(entry)).helpGroup(`${entry.group}:`).hideHelp(flag !== shown));
  }
}

function helpOf(entry: OptionEntry): string {
  const fallback = entry.value === undefined ? '' : describeDefault(entry);
  return fallback === '' ? entry.help : `${entry.help} (default: ${fallback})`;
}

/** The options of a parsed command: its config file's, overridden by its flags. */
export async function optionsFrom<S extends z.ZodObject>(command: Command, schema: S): Promise<z.output<S>> {
  const given = command.opts<Record<string, unknown>>();
  const entries = optionEntries(schema);
  const positional = entries
    .filter((entry) => entry.positional)
    .map((entry, i) => [entry.name, entry.repeatable ? restOf(command.args, i) : command.args[i]]);
  const flags = entries.map((entry) => [entry.name, given[entry.key]]);
  const values = Object.fromEntries([...positional, ...flags].filter(([, value]) => value !== undefined));
  const fromFile = given.config === undefined ? [] : [await readConfigFile(String(given.config))];
  return readOptions(schema, [...fromFile, { values, describe: (name) => describeFlag(name, entries) }]);
}

/** Arguments from a place on; none where there is none, so that a config file may name them. */
function restOf(args: readonly string[], from: number): readonly string[] | undefined {
  return args.length > from ? args.slice(from) : undefined;
}

function describeFlag(name: string, entries: readonly OptionEntry[]): string {
  const entry = entries.find((known) => known.name === name);
  return entry?.positional ? String(entry.value) : `--${name}`;
}

async function readConfigFile(path: string): Promise<OptionValues> {
  const values = await readJson(nodeFiles, path, z.record(z.string(), z.unknown()), {
    code: 'config-malformed',
    advice: '--config takes a JSON file with an object, as {"attacks": "natural,grid", "rotation": 30}.',
  });
  return { values, describe: (name) => `"${name}" in ${path}` };
}
