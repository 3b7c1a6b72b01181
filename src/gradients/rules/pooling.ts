import { GRADIENT_DOMAIN } from '../../onnx/graph.ts';
import type { NodeView } from '../node-view.ts';
import type { Rule } from '../rule.ts';
import { expandLike, reshapeLike } from '../shapes.ts';
import type { BackwardStep } from '../step.ts';
import { equal, positive } from './masks.ts';

function spatialAxes(s: BackwardStep): number[] {
  return s
    .dims(s.x)
    .map((_, i) => i)
    .slice(2);
}

const globalAverage: Rule = {
  opType: 'GlobalAveragePool',
  formula: 'dx = g / n, broadcast over the n positions',
  inputs: [0],
  ranked: true,
  gradient: (s) => {
    const sizes = spatialAxes(s).map((axis) => s.dims(s.x)[axis]);
    if (sizes.every((d) => typeof d === 'number')) {
      return [expandLike(s, s.scale(s.g, 1 / sizes.reduce((n, d) => n * d, 1)), s.x)];
    }
    const count = s.b.op('ReduceProd', [s.b.op('Shape', [s.x], { start: 2 })], { keepdims: 0 });
    return [expandLike(s, s.div(s.g, s.b.op('CastLike', [count, s.x])), s.x)];
  },
};

const globalMax: Rule = {
  opType: 'GlobalMaxPool',
  formula: 'dx = g · [x = y] / number of such x: ties share in equal parts',
  inputs: [0],
  ranked: true,
  gradient: (s) => {
    const attains = equal(s, s.x, s.y);
    return [s.mul(attains, s.div(s.g, s.sum(attains, spatialAxes(s))))];
  },
};

const max: Rule = {
  opType: 'MaxPool',
  formula: 'dx[i] = Σ g[j] over the windows j whose first maximum is i',
  inputs: [0],
  ranked: true,
  refuse: ({ node }) =>
    node.attributes.get('storage_order')?.value === 1 ? 'storage_order 1 is not covered' : undefined,
  gradient: (s) => {
    const g = s.masksAtMaximum ? s.mul(s.g, positive(s, s.y)) : s.g;
    return [s.b.op('MaxPoolGradient', [s.x, s.y, g], Object.fromEntries(s.node.attributes), GRADIENT_DOMAIN)];
  },
};

/**
 * Overlapping blocks are summed into an image; the blocks of g are read by a convolution whose filters each hold a
 * single one.
 * x is [N, C · block, blocks], y [N, C, …image].
 */
const columns: Rule = {
  opType: 'Col2Im',
  formula: 'dx = the blocks of g, as columns',
  inputs: [0],
  ranked: true,
  limits: 'the size of its blocks and the number of channels must be known',
  refuse: (view) => (blockOf(view) === undefined ? 'the size of its blocks is only known at run time' : undefined),
  gradient: (s) => {
    const { block, channels } = blockOf(s)!;
    const area = block.reduce((n, d) => n * d, 1);
    const ones = Array.from({ length: channels * area * area }, (_, i) =>
      Math.floor(i / area) % area === i % area ? 1 : 0,
    );
    const given = (name: string): Record<string, readonly number[]> => {
      const value = s.ints(name);
      return value === undefined ? {} : { [name]: value };
    };
    const blocks = s.b.op('Conv', [s.g, s.number(ones, [channels * area, 1, ...block])], {
      group: channels,
      kernel_shape: block,
      ...given('dilations'),
      ...given('pads'),
      ...given('strides'),
    });
    return [reshapeLike(s, blocks, s.x)];
  },
};

function blockOf(view: NodeView): { block: readonly number[]; channels: number } | undefined {
  const block = view.numbers(view.node.inputs[2]);
  const columns = view.info(view.node.inputs[0])?.shape?.[1];
  if (block === undefined || typeof columns !== 'number') return undefined;
  return { block, channels: columns / block.reduce((n, d) => n * d, 1) };
}

export const pooling: readonly Rule[] = [globalAverage, globalMax, max, columns];
