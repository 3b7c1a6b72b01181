import type { Sources } from '../../transform/gather.ts';
import type { Transformation } from '../../transform/transformation.ts';
import type { RotationInputs } from './rotation-inputs.ts';

/** An input with what tells of it. */
interface PlannedInput {
  readonly transformation: Transformation;
  readonly sources: Sources;
}

/** The inputs of all angles with each of some whole-pixel shifts, in the order in which they are run. */
export interface RotationPlan {
  readonly length: number;
  input(i: number): PlannedInput;
}

/** Inputs of a shift that are run before the next shift has its turn: a failing one is found sooner. */
const TURN = 64;

/** Inputs that are kept: images side by side ask for the same ones at about the same time. */
const KEPT = 512;

/** @param inputs of each shift */
export function planRotations(shifts: readonly Transformation[], inputs: readonly RotationInputs[]): RotationPlan {
  const orders = inputs.map(farApartFirst);
  const pairs: number[] = [];
  const longest = orders.reduce((most, { length }) => Math.max(most, length), 0);
  for (let from = 0; from < longest; from += TURN)
    orders.forEach((order, shift) => order.slice(from, from + TURN).forEach((input) => pairs.push(shift, input)));
  const order = Uint32Array.from(pairs);
  const kept = new Map<number, PlannedInput>();
  return {
    length: order.length / 2,
    input(i) {
      const [shift, input] = [order[2 * i], order[2 * i + 1]];
      const planned = kept.get(i) ?? {
        transformation: { ...shifts[shift], angle: inputs[shift].angle(input) },
        sources: inputs[shift].sources(input),
      };
      // The last to be asked for stands last.
      kept.delete(i);
      kept.set(i, planned);
      if (kept.size > KEPT) kept.delete(kept.keys().next().value as number);
      return planned;
    },
  };
}

/** The image that is not turned, both ends, then what lies halfway between those before, and so on. */
export function farApartFirst(inputs: Pick<RotationInputs, 'length' | 'inputAt'>): number[] {
  const last = inputs.length - 1;
  const order = [inputs.inputAt(0), 0, last];
  for (let step = 2 ** Math.ceil(Math.log2(Math.max(1, last))); step >= 1; step /= 2)
    for (let i = step; i < last; i += 2 * step) order.push(i);
  return [...new Set(order)];
}
