import type { Rule } from '../rule.ts';
import { reshapeLike } from '../shapes.ts';
import type { BackwardStep } from '../step.ts';

/**
 * y = x · u^−β with u = bias + α/size · Σ x² over a window of channels:
 * dx = g · u^−β − 2αβ · x · (Σ g · x · u^(−β−1)) / size, summed over the windows that the channel lies in.
 * A mean over channels is an average pooling of [N, 1, C, positions], frame included.
 */
const localResponse: Rule = {
  opType: 'LRN',
  formula: 'u = bias + α/size · Σ x²:  dx = g · u^−β − 2αβ/size · x · Σ g · x · u^(−β−1)',
  inputs: [0],
  gradient: (s) => {
    const { b, x } = s;
    const [alpha, beta, size] = [s.float('alpha', 1e-4), s.float('beta', 0.75), s.int('size', 1)];
    const [below, above] = [Math.floor((size - 1) / 2), Math.ceil((size - 1) / 2)];
    const u = s.add(s.scale(channelMean(s, s.mul(x, x), size, below, above), alpha), s.number(s.float('bias', 1)));
    const power = b.op('Pow', [u, s.number(-beta)]);
    const shared = channelMean(s, s.mul(s.mul(s.g, x), s.div(power, u)), size, above, below);
    return [s.sub(s.mul(s.g, power), s.scale(s.mul(x, shared), 2 * alpha * beta))];
  },
};

/** Σ / size over the channels c − below … c + above. */
function channelMean(s: BackwardStep, value: string, size: number, below: number, above: number): string {
  const columns = s.b.op('Reshape', [value, s.b.ints([0, 0, -1])]);
  const image = s.b.op('Unsqueeze', [columns, s.b.ints([1])]);
  const pooled = s.b.op('AveragePool', [image], {
    kernel_shape: [size, 1],
    pads: [below, 0, above, 0],
    count_include_pad: 1,
  });
  return reshapeLike(s, pooled, s.x);
}

export const localResponseNormalization: readonly Rule[] = [localResponse];
