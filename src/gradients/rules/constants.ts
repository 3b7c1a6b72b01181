import type { Rule } from '../rule.ts';

const NAMES = [
  'Constant',
  'ConstantOfShape',
  'Shape',
  'Size',
  'Range',
  'EyeLike',
  'NonZero',
  'OneHot',
  'ArgMax',
  'ArgMin',
  'Equal',
  'Greater',
  'GreaterOrEqual',
  'Less',
  'LessOrEqual',
  'Not',
  'And',
  'Or',
  'Xor',
  'IsNaN',
  'IsInf',
] as const;

/** Shapes, comparisons and indices: nothing flows through them. Integer arithmetic on shapes hangs behind Shape. */
export const constants: readonly Rule[] = NAMES.map((opType) => ({
  opType,
  formula: 'passed through: the gradient ends here',
  inputs: [],
  gradient: () => [],
}));
