import { misuse, GimbalError } from '../errors/error.ts';
import { optionEntries } from '../settings/option.ts';
import type { CliCommand } from './cli-command.ts';

/**
 * An error as it is told by a command. What reads models and data does not know who asked: sentences of its advice
 * that name flags which the command lacks are left out. A sentence that names a command, as `gimbal evaluate`, speaks
 * of the flags of that one, and one with `python -m` of flags that are none of ours.
 */
export function fittingAdvice(error: GimbalError, asked: CliCommand, commands: readonly CliCommand[]): GimbalError {
  const { advice, ...rest } = error.issue;
  if (advice === undefined) return error;
  const sentences = advice.split(/(?<=[.?!])\s+(?=[^\s\d])/);
  const fitting = sentences.filter((sentence) => {
    if (sentence.includes('python -m')) return true;
    const named = /\bgimbal ([a-z]+)\b/.exec(sentence)?.[1];
    const flags = flagsOf(commands.find(({ name }) => name === named) ?? asked);
    return flagsIn(sentence).every((flag) => flags.has(flag));
  });
  if (fitting.length === sentences.length) return error;
  const issue = { ...rest, ...(fitting.length === 0 ? {} : { advice: fitting.join(' ') }) };
  return error.kind === 'misuse'
    ? misuse(issue, { cause: error })
    : new GimbalError('failure', issue, { cause: error });
}

/** `--label-offset 1 or --limit` names `label-offset` and `limit`. */
export function flagsIn(text: string): string[] {
  return Array.from(text.matchAll(/(?<![\w-])--([a-z]+(?:-[a-z]+)*)/g), ([, name]) => name);
}

/** The names of all flags that a command takes, also those that undo a toggle. */
export function flagsOf({ options }: CliCommand): ReadonlySet<string> {
  const names = optionEntries(options).flatMap(({ name, positional, value }) =>
    positional ? [] : value === undefined ? [name, `no-${name}`] : [name],
  );
  return new Set([...names, 'config', 'debug', 'help']);
}
