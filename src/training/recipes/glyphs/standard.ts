import type { Recipe } from '../recipe.ts';
import { glyphsBase } from './base.ts';

export const glyphsStandard: Recipe = {
  name: 'glyphs/standard',
  reproduces: 'printed characters, standard training: breaks under rotations and shifts',
  settings: {
    ...glyphsBase,
    objective: 'standard',
  },
};
