import type { Rule } from '../rule.ts';
import type { BackwardStep } from '../step.ts';

function unary(opType: string, formula: string, slope: (s: BackwardStep, one: string) => string): Rule {
  return { opType, formula: `dx = g ${formula}`, inputs: [0], gradient: (s) => [s.mul(s.g, slope(s, s.number(1)))] };
}

/** 1 / value. */
const inverse = (s: BackwardStep, value: string): string => s.b.op('Reciprocal', [value]);
const square = (s: BackwardStep, value: string): string => s.mul(value, value);
const root = (s: BackwardStep, value: string): string => s.b.op('Sqrt', [value]);

export const trigonometry: readonly Rule[] = [
  unary('Sin', '· cos x', (s) => s.b.op('Cos', [s.x])),
  unary('Cos', '· (−sin x)', (s) => s.neg(s.b.op('Sin', [s.x]))),
  unary('Tan', '· (1 + y²)', (s, one) => s.add(one, square(s, s.y))),
  unary('Asin', '/ √(1 − x²)', (s, one) => inverse(s, root(s, s.sub(one, square(s, s.x))))),
  unary('Acos', '· (−1 / √(1 − x²))', (s, one) => s.neg(inverse(s, root(s, s.sub(one, square(s, s.x)))))),
  unary('Atan', '/ (1 + x²)', (s, one) => inverse(s, s.add(one, square(s, s.x)))),
  unary('Sinh', '· cosh x', (s) => s.b.op('Cosh', [s.x])),
  unary('Cosh', '· sinh x', (s) => s.b.op('Sinh', [s.x])),
  unary('Asinh', '/ √(x² + 1)', (s, one) => inverse(s, root(s, s.add(square(s, s.x), one)))),
  unary('Acosh', '/ √(x² − 1)', (s, one) => inverse(s, root(s, s.sub(square(s, s.x), one)))),
  unary('Atanh', '/ (1 − x²)', (s, one) => inverse(s, s.sub(one, square(s, s.x)))),
];
