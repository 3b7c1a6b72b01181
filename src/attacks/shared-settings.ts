import { whole } from '../settings/numbers.ts';
import { gridSize } from '../settings/transformations.ts';
import { PAPER_GRID, type GridSize } from '../sets/grid.ts';
import type { AttackSetting } from './definition.ts';

/** Groups of options in the help. */
export const ATTACKS_GROUP = 'Attacks';
export const GRADIENT_GROUP = 'Gradient and pixel attacks';
export const CERTIFICATES_GROUP = 'Certificates';

/** Settings that several attacks share; their defaults may differ. */
export function steps(fallback: number): AttackSetting<number> {
  return {
    schema: whole({ from: 1, to: 100_000 }),
    facts: { group: GRADIENT_GROUP, value: 'N', help: 'Steps of an attack.' },
    default: fallback,
  };
}

export const RESTARTS: AttackSetting<number> = {
  schema: whole({ from: 1, to: 1000 }),
  facts: { group: GRADIENT_GROUP, value: 'N', help: 'Times that an attack starts anew.' },
  default: 1,
};

export const GRID_SIZE: AttackSetting<GridSize> = {
  schema: gridSize(),
  facts: {
    group: ATTACKS_GROUP,
    value: '5x5x31',
    help: 'Grid points along horizontal shift, vertical shift and angle.',
  },
  default: PAPER_GRID,
};
