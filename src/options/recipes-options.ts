import { z } from 'zod';
import { option } from '../settings/option.ts';
import { text } from '../settings/value.ts';

/** `gimbal recipes` */
export const recipesSchema = z.object({
  recipe: option(text('the name of a recipe').optional(), {
    group: 'Recipes',
    positional: true,
    value: 'RECIPE',
    help: 'Name of a recipe, to show its settings.',
    defaultText: 'lists all',
  }),
});
