import { RecipeSchema } from '../../training/recipes/recipe.ts';
import { RECIPES, recipeNamed } from '../../training/recipes/index.ts';
import { recipesSchema } from '../../options/recipes-options.ts';
import type { CliCommand } from '../cli-command.ts';
import { optionsFrom } from '../options-from-argv.ts';
import { largestOf } from '../../statistics/extremes.ts';

/** `gimbal recipes [RECIPE]`: all recipes, or one with every setting. */
export const recipesCommand: CliCommand = {
  name: 'recipes',
  description: 'List the training recipes, or show the settings of one.',
  options: recipesSchema,
  async run(command, terminal) {
    const { recipe } = await optionsFrom(command, recipesSchema);
    terminal.out(recipe === undefined ? listing() : card(recipe));
    return 0;
  },
};

function listing(): string {
  const width = largestOf(RECIPES.map((recipe) => recipe.name.length));
  return RECIPES.map(({ name, reproduces }) => `${name.padEnd(width)}   ${reproduces}\n`).join('');
}

function card(name: string): string {
  const { reproduces, reached, settings } = recipeNamed(name);
  const resolved = RecipeSchema.parse(settings);
  const rows = Object.entries(RecipeSchema.shape).map(([key, schema]) => {
    const value = resolved[key as keyof typeof resolved];
    const setting = `${key}=${value === undefined ? '' : JSON.stringify(value)}`;
    return `  ${setting.padEnd(28)} ${schema.description ?? ''}`.trimEnd();
  });
  return [
    name,
    `  reproduces: ${reproduces}`,
    `  reached: ${reached ?? 'not measured yet'}`,
    '',
    'settings (change them with --set key=value)',
    ...rows,
    '',
  ].join('\n');
}
