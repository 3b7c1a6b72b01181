import { sumTo } from '../broadcast.ts';
import type { Rule } from '../rule.ts';
import type { BackwardStep } from '../step.ts';
import { equal } from './masks.ts';

/** Operators with two operands, each broadcast to the output's shape. */
function binary(
  opType: string,
  formula: string,
  da: (s: BackwardStep, a: string, c: string) => string,
  dc: (s: BackwardStep, a: string, c: string) => string,
): Rule {
  return {
    opType,
    formula,
    inputs: 'all',
    gradient: (s) => {
      const [a, c] = s.node.inputs;
      return s.each((position, input) => sumTo(s, position === 0 ? da(s, a, c) : dc(s, a, c), s.y, input));
    },
  };
}

/** Operators with one operand of the output's shape. */
function unary(opType: string, formula: string, dx: (s: BackwardStep) => string): Rule {
  return { opType, formula, inputs: [0], gradient: (s) => [dx(s)] };
}

/** Gradient of Max and Min: to the operands that attain the extremum, in equal parts where several do. */
function extremum(opType: 'Max' | 'Min'): Rule {
  return {
    opType,
    formula: 'dxᵢ = g · [xᵢ = y] / number of operands with xⱼ = y',
    inputs: 'all',
    gradient: (s) => {
      const attains = s.node.inputs.map((input) => equal(s, input, s.y));
      const ties = attains.reduce((sum, mask) => s.add(sum, mask));
      const share = s.div(s.g, ties);
      return s.each((position, input) => sumTo(s, s.mul(share, attains[position]), s.y, input));
    },
  };
}

const pow: Rule = {
  opType: 'Pow',
  formula: 'da = g · b · a^(b−1);  db = g · y · ln a',
  inputs: 'all',
  gradient: (s) => {
    const [a, e] = s.node.inputs;
    const exponent = s.numbers(e)?.length === 1 ? s.numbers(e)?.[0] : undefined;
    return s.each((position, input) => {
      if (position === 1) return sumTo(s, s.mul(s.mul(s.g, s.y), s.b.op('Log', [a])), s.y, input);
      if (exponent === 2) return sumTo(s, s.mul(s.g, s.scale(a, 2)), s.y, input);
      if (exponent !== undefined)
        return sumTo(s, s.mul(s.g, s.scale(s.b.op('Pow', [a, s.number(exponent - 1)]), exponent)), s.y, input);
      const power = s.type(e) === s.type(a) ? e : s.b.op('CastLike', [e, a]);
      return sumTo(s, s.mul(s.g, s.mul(power, s.b.op('Pow', [a, s.sub(power, s.number(1))]))), s.y, input);
    });
  },
};

const where: Rule = {
  opType: 'Where',
  formula: 'dx = g where the condition holds, else 0;  dy the other way round',
  inputs: [1, 2],
  gradient: (s) => {
    const [condition] = s.node.inputs;
    const zero = s.b.op('CastLike', [s.b.constant(0), s.node.inputs[1]]);
    return s.each((position, input) =>
      sumTo(s, s.b.op('Where', position === 1 ? [condition, s.g, zero] : [condition, zero, s.g]), s.y, input),
    );
  },
};

export const arithmetic: readonly Rule[] = [
  binary(
    'Add',
    'da = db = g',
    (s) => s.g,
    (s) => s.g,
  ),
  binary(
    'Sub',
    'da = g;  db = −g',
    (s) => s.g,
    (s) => s.neg(s.g),
  ),
  binary(
    'Mul',
    'da = g · b;  db = g · a',
    (s, _, c) => s.mul(s.g, c),
    (s, a) => s.mul(s.g, a),
  ),
  binary(
    'Div',
    'da = g / b;  db = −g · y / b',
    (s, _, c) => s.div(s.g, c),
    (s, _, c) => s.neg(s.div(s.mul(s.g, s.y), c)),
  ),
  pow,
  {
    opType: 'Sum',
    formula: 'dxᵢ = g',
    inputs: 'all',
    gradient: (s) => s.each((_, input) => sumTo(s, s.g, s.y, input)),
  },
  {
    opType: 'Mean',
    formula: 'dxᵢ = g / number of operands',
    inputs: 'all',
    gradient: (s) => {
      const share = s.scale(s.g, 1 / s.node.inputs.length);
      return s.each((_, input) => sumTo(s, share, s.y, input));
    },
  },
  extremum('Max'),
  extremum('Min'),
  where,
  unary('Neg', 'dx = −g', (s) => s.neg(s.g)),
  unary('Abs', 'dx = g · sign(x)', (s) => s.mul(s.g, s.b.op('Sign', [s.x]))),
  unary('Sqrt', 'dx = g / (2y)', (s) => s.div(s.g, s.scale(s.y, 2))),
  unary('Reciprocal', 'dx = −g · y²', (s) => s.neg(s.mul(s.g, s.mul(s.y, s.y)))),
  unary('Exp', 'dx = g · y', (s) => s.mul(s.g, s.y)),
  unary('Log', 'dx = g / x', (s) => s.div(s.g, s.x)),
  unary('Identity', 'dx = g', (s) => s.g),
  {
    opType: 'Cast',
    formula: 'dx = g, cast back',
    inputs: [0],
    limits: 'between floating-point types; a cast to or from integers ends the path',
    gradient: (s) => [s.b.op('CastLike', [s.g, s.x])],
  },
  {
    opType: 'CastLike',
    formula: 'dx = g, cast back',
    inputs: [0],
    limits: 'as Cast',
    gradient: (s) => [s.b.op('CastLike', [s.g, s.x])],
  },
  {
    opType: 'Dropout',
    formula: 'dx = g',
    inputs: [0],
    limits: 'inference only',
    refuse: (view) => {
      const mode = view.node.inputs[2];
      if (mode === undefined || mode === '' || view.numbers(mode)?.[0] === 0) return undefined;
      return 'it is in training mode, whose mask is random; export the model for inference';
    },
    gradient: (s) => [s.g],
  },
];
