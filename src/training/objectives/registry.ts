import { AUGMENTATION } from './augmentation.ts';
import { DISTILLED } from './distilled.ts';
import { LINF } from './linf.ts';
import type { ObjectiveDefinition } from './objective.ts';
import { REGULARISED } from './regularised.ts';
import { STANDARD } from './standard.ts';
import { WORST_OF_K } from './worst-of-k.ts';

/** All objectives there are, in the order in which help names them. */
const REGISTRY = [STANDARD, AUGMENTATION, WORST_OF_K, LINF, REGULARISED, DISTILLED] as const;

export type ObjectiveName = (typeof REGISTRY)[number]['name'];

export const OBJECTIVE_NAMES: readonly ObjectiveName[] = REGISTRY.map(({ name }) => name);

export function objectiveNamed(name: ObjectiveName): ObjectiveDefinition {
  return REGISTRY.find((one) => one.name === name) as ObjectiveDefinition;
}
