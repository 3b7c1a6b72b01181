import type { BackwardStep } from '../step.ts';

/**
 * Writes an operator of `GRADIENT_DOMAIN` with standard ones. Its node is the step: x is its first input, g its last.
 * @returns a value for each of its outputs
 */
export type GradientForm = (step: BackwardStep) => readonly string[];
