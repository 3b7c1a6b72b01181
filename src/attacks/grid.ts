import { createGrid } from '../sets/grid.ts';
import { gridOrder } from './best-first.ts';
import { searchCandidates } from './candidates.ts';
import { defineAttack } from './definition.ts';
import { GRID_SIZE } from './shared-settings.ts';
import { MANY } from './words.ts';
import { formatCount } from '../notation/numbers.ts';

/** All points of a grid; right only if right on all. Tried first are those that may well have the highest loss. */
export const GRID = defineAttack({
  name: 'grid',
  hasForms: true,
  takesRadius: false,
  settings: { grid: GRID_SIZE },
  page: { words: 'every turn and shift of a grid', exhaustive: true },
  documentation: { tries: 'all points of the grid', rightWhen: 'right on all' },
  create({ name, subset, box, exhaustive, keepLosses, settings }) {
    const grid = createGrid(box, settings.grid, subset);
    const order = gridOrder(grid, exhaustive);
    return {
      name,
      changes: 'view',
      subset,
      words: {
        tries: `the worst of a grid of ${formatCount(grid.length)} ${MANY[subset]}`,
        under: (range) => `under the grid of ${range}`,
      },
      seeks: 'worst',
      figure: { kind: 'grid', grid },
      needsGradients: false,
      search: (target) =>
        searchCandidates(
          target,
          { length: grid.length, transformation: grid.point, order },
          { exhaustive, keepLosses },
        ),
    };
  },
});
