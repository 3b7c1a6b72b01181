import { extremesFirst, type Grid } from '../sets/grid.ts';
import type { Attack } from './attack.ts';
import { type CandidateSettings, searchCandidates } from './candidates.ts';

/** All points of a grid; right only if right on all. Corners are tried first. */
export function gridAttack(name: string, grid: Grid, settings: CandidateSettings): Attack {
  const order = extremesFirst(grid);
  return {
    name,
    needsGradients: false,
    search: (target) => searchCandidates(target, { length: grid.length, transformation: grid.point, order }, settings),
  };
}
