import type { Recipe } from '../recipe.ts';
import { glyphsBase } from './base.ts';

export const glyphsW10: Recipe = {
  name: 'glyphs/w10-30',
  reproduces: 'printed characters, worst of 10 transformations, 30° and 3 px: withstands them',
  settings: {
    ...glyphsBase,
    objective: 'worst-of-k',
    startCandidates: 2,
  },
};
