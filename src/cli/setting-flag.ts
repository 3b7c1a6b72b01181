import type { CliCommand } from './cli-command.ts';

/**
 * Settings of the training are given as `--set seed=1`: of a flag that is named as one, how to give it.
 * @param message of an unknown option
 * @returns undefined where the command takes no settings, or there is none of this name
 */
export async function flagOfSetting(message: string, command: CliCommand | undefined): Promise<string | undefined> {
  const [, flag] = /unknown option '--([\w-]+)/.exec(message) ?? [];
  if (flag === undefined || command === undefined || !('set' in command.options.shape)) return undefined;
  const key = flag.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const { TrainingSchema } = await import('../training/recipes/recipe.ts');
  return key in TrainingSchema.shape
    ? `unknown option '--${flag}': it is a setting, which is given as --set ${key}=VALUE`
    : undefined;
}
