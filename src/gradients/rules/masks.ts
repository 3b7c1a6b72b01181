import { GRADIENT_DOMAIN } from '../../onnx/graph.ts';
import type { BackwardStep } from '../step.ts';

/** [x > 0] as 0 or 1. */
export function positive(s: BackwardStep, x: string): string {
  return s.b.op('Positive', [x], {}, GRADIENT_DOMAIN);
}

/** [a = c] as 0 or 1. */
export function equal(s: BackwardStep, a: string, c: string): string {
  return s.b.op('CastLike', [s.b.op('Equal', [a, c]), a]);
}
