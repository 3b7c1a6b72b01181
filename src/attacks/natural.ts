import { IDENTITY } from '../transform/transformation.ts';
import type { Attack } from './attack.ts';
import { searchCandidates } from './candidates.ts';

/** The image as it is. */
export function naturalAttack(): Attack {
  return {
    name: 'natural',
    needsGradients: false,
    search: (target) => searchCandidates(target, { length: 1, transformation: () => IDENTITY }, { exhaustive: false }),
  };
}
