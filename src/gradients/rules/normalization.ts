import { sumTo } from '../broadcast.ts';
import type { Rule } from '../rule.ts';
import { joinShape, dimension, reshapeLike } from '../shapes.ts';
import { perChannel, standardize, standardizedGradient } from '../standardization.ts';

const FORMULA =
  'dx = r · (h − mean h − x̂ · mean(h · x̂)), h = g · scale, r = 1/√(variance + ε);  dscale = Σ g · x̂;  dbias = Σ g';

const layer: Rule = {
  opType: 'LayerNormalization',
  formula: FORMULA,
  inputs: 'all',
  ranked: true,
  gradient: (s) => {
    const [x, scale, bias] = s.node.inputs;
    const first = s.axis(s.int('axis', -1));
    const axes = s
      .dims(x)
      .map((_, i) => i)
      .slice(first);
    const standardized = standardize(s, x, axes, s.float('epsilon', 1e-5));
    return s.each((position) => {
      if (position === 0) return standardizedGradient(s, s.mul(s.g, scale), standardized, axes);
      return position === 1 ? sumTo(s, s.mul(s.g, standardized.hat), s.dims(x), scale) : sumTo(s, s.g, s.dims(x), bias);
    });
  },
};

const instance: Rule = {
  opType: 'InstanceNormalization',
  formula: `${FORMULA}, over the positions of one channel`,
  inputs: 'all',
  ranked: true,
  gradient: (s) => {
    const [x, scale] = s.node.inputs;
    const all = s.dims(x).map((_, i) => i);
    const standardized = standardize(s, x, all.slice(2), s.float('epsilon', 1e-5));
    const others = all.filter((i) => i !== 1);
    return s.each((position) => {
      if (position === 0)
        return standardizedGradient(s, s.mul(s.g, perChannel(s, scale, all.length)), standardized, all.slice(2));
      return s.sum(position === 1 ? s.mul(s.g, standardized.hat) : s.g, others, false);
    });
  },
};

/** Scale and bias hold one entry for each channel, or, in the first version of the operator, for each group. */
const group: Rule = {
  opType: 'GroupNormalization',
  formula: `${FORMULA}, over the positions and channels of one group`,
  inputs: 'all',
  ranked: true,
  refuse: ({ node, info }) =>
    typeof info(node.inputs[0])?.shape?.[1] === 'number' && typeof info(node.inputs[1])?.shape?.[0] === 'number'
      ? undefined
      : 'its number of channels is unknown',
  gradient: (s) => {
    const [x, scale] = s.node.inputs;
    const groups = s.int('num_groups', 1);
    const channels = s.dims(x)[1] as number;
    const apart = joinShape(s, [dimension(s, x, 0), groups, channels / groups, -1]);
    const split = (value: string): string => s.b.op('Reshape', [value, apart]);
    const perGroup = s.dims(scale)[0] === groups && groups !== channels;
    const factor = s.b.op('Reshape', [scale, s.b.ints([1, groups, -1, 1])]);
    const standardized = standardize(s, split(x), [2, 3], s.float('epsilon', 1e-5));
    const g = split(s.g);
    return s.each((position, input) => {
      if (position === 0) return reshapeLike(s, standardizedGradient(s, s.mul(g, factor), standardized, [2, 3]), x);
      const sums = s.sum(position === 1 ? s.mul(g, standardized.hat) : g, perGroup ? [0, 2, 3] : [0, 3], false);
      return reshapeLike(s, sums, input);
    });
  },
};

const meanVariance: Rule = {
  opType: 'MeanVarianceNormalization',
  formula: 'dx = r · (g − mean g − y · mean(g · y)), r = 1/√variance, over the axes',
  inputs: [0],
  ranked: true,
  gradient: (s) => {
    const axes = (s.ints('axes') ?? [0, 2, 3]).map((axis) => s.axis(axis));
    return [standardizedGradient(s, s.g, standardize(s, s.x, axes, TINY), axes)];
  },
};

/** Keeps 1/√variance finite where an image is constant. */
const TINY = 1e-18;

/** y = x / ‖x‖ along one axis. */
const lp: Rule = {
  opType: 'LpNormalization',
  formula: 'dx = (g − n · Σ g · y) / ‖x‖, n = y for the 2-norm, sign(x) for the 1-norm',
  inputs: [0],
  gradient: (s) => {
    const axis = s.int('axis', -1);
    const two = s.int('p', 2) === 2;
    const norm = s.b.op(two ? 'ReduceL2' : 'ReduceL1', [s.x, s.b.ints([axis])], { keepdims: 1 });
    const slope = two ? s.y : s.b.op('Sign', [s.x]);
    const along = s.sum(s.mul(s.g, s.y), [axis]);
    return [s.div(s.sub(s.g, s.mul(slope, along)), s.b.op('Max', [norm, s.number(1e-37)]))];
  },
};

export const normalization: readonly Rule[] = [layer, instance, group, meanVariance, lp];
