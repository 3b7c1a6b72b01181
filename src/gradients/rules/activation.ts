import { float } from '../../onnx/builder.ts';
import { sumTo } from '../broadcast.ts';
import type { Rule } from '../rule.ts';
import type { BackwardStep } from '../step.ts';
import { positive } from './masks.ts';

function activation(opType: string, formula: string, slope: (s: BackwardStep) => string): Rule {
  return { opType, formula, inputs: [0], gradient: (s) => [s.mul(s.g, slope(s))] };
}

/** low + (high − low) · [x > 0]. */
function step(s: BackwardStep, x: string, low: number, high: number): string {
  return s.add(s.scale(positive(s, x), high - low), s.number(low));
}

/** x > 0: `high`; else `low`, a value. */
function either(s: BackwardStep, high: number, low: string): string {
  const mask = positive(s, s.x);
  return s.add(low, s.mul(mask, s.sub(s.number(high), low)));
}

/**
 * Both bounds are taken as outside: at a bound the output does not change with the input on one side, and ReLU written
 * as Clip then has the same derivative as Relu.
 */
const clip: Rule = {
  opType: 'Clip',
  formula: 'dx = g · [min < y < max]',
  inputs: [0],
  gradient: (s) => {
    const [, low, high] = s.node.inputs;
    const above = !low ? undefined : s.numbers(low)?.[0] === 0 ? s.y : s.sub(s.y, low);
    const below = !high ? undefined : s.sub(high, s.y);
    if (above === undefined && below === undefined) return [s.g];
    const inside = above === undefined || below === undefined ? ((above ?? below) as string) : s.mul(above, below);
    return [s.mul(s.g, positive(s, inside))];
  },
};

const relu: Rule = {
  opType: 'Relu',
  formula: 'dx = g · [y > 0]',
  inputs: [0],
  gradient: (s) => [s.masksAtMaximum ? s.g : s.mul(s.g, positive(s, s.y))],
};

const prelu: Rule = {
  opType: 'PRelu',
  formula: 'dx = g where x > 0, else g · slope;  dslope = Σ g · min(x, 0)',
  inputs: 'all',
  gradient: (s) => {
    const [x, slope] = s.node.inputs;
    return s.each((position) => {
      if (position === 1) return sumTo(s, s.mul(s.g, s.b.op('Min', [x, s.number(0)])), s.y, slope);
      const mask = positive(s, x);
      return s.mul(s.g, s.add(mask, s.mul(slope, s.sub(s.number(1), mask))));
    });
  },
};

/** Φ(x) + x·φ(x), the derivative of x·Φ(x), with the normal distribution Φ and its density φ. */
function geluSlope(s: BackwardStep): string {
  const { b, x } = s;
  const distribution = s.scale(s.add(b.op('Erf', [s.scale(x, Math.SQRT1_2)]), s.number(1)), 0.5);
  const density = s.scale(b.op('Exp', [s.scale(s.mul(x, x), -0.5)]), 1 / Math.sqrt(2 * Math.PI));
  return s.add(distribution, s.mul(x, density));
}

/** y = ½x(1 + t), t = tanh(c(x + ax³)): y' = ½(1 + t) + ½x(1 − t²)·c(1 + 3ax²). */
function geluTanhSlope(s: BackwardStep): string {
  const { b, x } = s;
  const [c, a] = [Math.sqrt(2 / Math.PI), 0.044715];
  const square = s.mul(x, x);
  const t = b.op('Tanh', [s.mul(x, s.add(s.scale(square, c * a), s.number(c)))]);
  const inner = s.add(s.scale(square, 3 * a * c), s.number(c));
  const rise = s.mul(s.mul(x, s.sub(s.number(1), s.mul(t, t))), inner);
  return s.scale(s.add(s.add(t, rise), s.number(1)), 0.5);
}

export const activations: readonly Rule[] = [
  relu,
  activation('LeakyRelu', 'dx = g where x > 0, else α · g', (s) => step(s, s.x, s.float('alpha', 0.01), 1)),
  prelu,
  activation('Elu', 'dx = g where x > 0, else g · (y + α)', (s) =>
    either(s, 1, s.add(s.y, s.number(s.float('alpha', 1)))),
  ),
  activation('Selu', 'dx = g · γ where x > 0, else g · (y + αγ)', (s) => {
    const [alpha, gamma] = [s.float('alpha', 1.6732632423543772), s.float('gamma', 1.0507009873554805)];
    return either(s, gamma, s.add(s.y, s.number(alpha * gamma)));
  }),
  clip,
  activation('Sigmoid', 'dx = g · y · (1 − y)', (s) => s.mul(s.y, s.sub(s.number(1), s.y))),
  activation('HardSigmoid', 'dx = g · α · [0 < y < 1]', (s) =>
    s.scale(positive(s, s.mul(s.y, s.sub(s.number(1), s.y))), s.float('alpha', 0.2)),
  ),
  activation('HardSwish', 'y = x · h, h = clip(x/6 + ½, 0, 1):  dx = g · (h + x/6 · [0 < h < 1])', (s) => {
    const h = s.b.op('HardSigmoid', [s.x], { alpha: float(1 / 6), beta: float(0.5) });
    const inside = positive(s, s.mul(h, s.sub(s.number(1), h)));
    return s.add(h, s.mul(s.scale(s.x, 1 / 6), inside));
  }),
  activation('Tanh', 'dx = g · (1 − y²)', (s) => s.sub(s.number(1), s.mul(s.y, s.y))),
  activation('Softplus', 'dx = g · sigmoid(x)', (s) => s.b.op('Sigmoid', [s.x])),
  activation('Softsign', 'dx = g / (1 + |x|)²', (s) => {
    const inverse = s.b.op('Reciprocal', [s.add(s.b.op('Abs', [s.x]), s.number(1))]);
    return s.mul(inverse, inverse);
  }),
  activation('Celu', 'dx = g where x > 0, else g · exp(x/α)', (s) =>
    either(s, 1, s.b.op('Exp', [s.b.op('Min', [s.scale(s.x, 1 / s.float('alpha', 1)), s.number(0)])])),
  ),
  activation('Mish', 't = tanh(softplus x):  dx = g · (t + x · (1 − t²) · sigmoid x)', (s) => {
    const t = s.b.op('Tanh', [s.b.op('Softplus', [s.x])]);
    const rise = s.mul(s.sub(s.number(1), s.mul(t, t)), s.b.op('Sigmoid', [s.x]));
    return s.add(t, s.mul(s.x, rise));
  }),
  activation('ThresholdedRelu', 'dx = g · [x > α]', (s) => positive(s, s.sub(s.x, s.number(s.float('alpha', 1))))),
  activation('Shrink', 'dx = g · [|x| > λ]', (s) =>
    positive(s, s.sub(s.b.op('Abs', [s.x]), s.number(s.float('lambd', 0.5)))),
  ),
  activation('Erf', 'dx = g · 2/√π · exp(−x²)', (s) =>
    s.scale(s.b.op('Exp', [s.neg(s.mul(s.x, s.x))]), 2 / Math.sqrt(Math.PI)),
  ),
  activation('Gelu', 'dx = g · (Φ(x) + x · φ(x)); the tanh form by its own derivative', (s) =>
    s.string('approximate', 'none') === 'tanh' ? geluTanhSlope(s) : geluSlope(s),
  ),
];
