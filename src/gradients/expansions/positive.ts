import { float } from '../../onnx/builder.ts';
import type { GradientForm } from './form.ts';

/**
 * Positive of x: [x > 0] as 0 or 1, the slope of max(x, 0).
 *
 * With standard operators: HardSigmoid clips 10³⁰·x to [0, 1]. Measured 2.5 to 10 times faster on ONNX Runtime's CPU
 * kernels than Where, Sign or a comparison with a Cast.
 */
export const positiveMask: GradientForm = ({ b, x }) => [b.op('HardSigmoid', [x], HARD_STEP)];

/** Attributes of a HardSigmoid that is 1 where its input is positive, else 0. */
export const HARD_STEP = { alpha: float(1e30), beta: float(0) };
