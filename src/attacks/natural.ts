import { IDENTITY } from '../transform/transformation.ts';
import type { Attack } from './attack.ts';
import { searchCandidates } from './candidates.ts';
import { defineAttack } from './definition.ts';

/** The image as it is. */
export function naturalAttack(): Attack {
  return {
    name: 'natural',
    changes: 'nothing',
    words: { tries: 'the image as it is' },
    needsGradients: false,
    search: (target) => searchCandidates(target, { length: 1, transformation: () => IDENTITY }, { exhaustive: false }),
  };
}

export const NATURAL = defineAttack({
  name: 'natural',
  hasForms: false,
  takesRadius: false,
  settings: {},
  documentation: { tries: 'the image as it is', rightWhen: 'it is classified right' },
  create: naturalAttack,
});
