import type { Rule } from '../rule.ts';

export const softmax: readonly Rule[] = [
  {
    opType: 'Softmax',
    formula: 'dx = y · (g − Σ g · y), summed along the axis',
    inputs: [0],
    gradient: (s) => [s.mul(s.y, s.sub(s.g, s.sum(s.mul(s.g, s.y), [s.int('axis', -1)])))],
  },
  {
    opType: 'LogSoftmax',
    formula: 'dx = g − exp(y) · Σ g, summed along the axis',
    inputs: [0],
    gradient: (s) => [s.sub(s.g, s.mul(s.b.op('Exp', [s.y]), s.sum(s.g, [s.int('axis', -1)])))],
  },
];
