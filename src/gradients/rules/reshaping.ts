import { sumTo } from '../broadcast.ts';
import type { Rule } from '../rule.ts';
import { dimension, joinShape, reshapeLike, shapeOf } from '../shapes.ts';

/** The elements stay in their order: the gradient takes the input's shape. */
function sameElements(opType: string): Rule {
  return { opType, formula: 'dx = g in the shape of x', inputs: [0], gradient: (s) => [reshapeLike(s, s.g, s.x)] };
}

const transpose: Rule = {
  opType: 'Transpose',
  formula: 'dx = g transposed by the inverse permutation',
  inputs: [0],
  gradient: (s) => {
    const perm = s.ints('perm');
    if (perm === undefined) return [s.b.op('Transpose', [s.g])];
    const inverse = perm.map((_, axis) => perm.indexOf(axis));
    return [s.b.op('Transpose', [s.g], { perm: inverse })];
  },
};

const expand: Rule = {
  opType: 'Expand',
  formula: 'dx = Σ g over the broadcast axes',
  inputs: [0],
  gradient: (s) => [sumTo(s, s.g, s.y, s.x)],
};

/** y[r·n + i] = x[i] along each axis: as [repeats, n, repeats, n, …] the repeats are axes to sum over. */
const tile: Rule = {
  opType: 'Tile',
  formula: 'dx = Σ g over the repeats',
  inputs: [0],
  ranked: true,
  gradient: (s) => {
    const column = s.b.ints([1]);
    const pairs = [s.node.inputs[1], shapeOf(s, s.x)].map((vector) => s.b.op('Unsqueeze', [vector, column]));
    const split = s.b.op('Reshape', [s.b.op('Concat', pairs, { axis: 1 }), s.b.ints([-1])]);
    const repeats = s.dims(s.x).map((_, axis) => 2 * axis);
    return [s.sum(s.b.op('Reshape', [s.g, split]), repeats, false)];
  },
};

/**
 * Blocks of pixels become channels: as [N, block, block, C, H, W] (DCR) or [N, C, block, block, H, W] (CRD) the axes
 * change places.
 */
const depthToSpace: Rule = {
  opType: 'DepthToSpace',
  formula: 'dx = g with its blocks of pixels as channels again',
  inputs: [0],
  ranked: true,
  gradient: (s) => {
    const block = s.int('blocksize', 1);
    const size = (axis: number): number | string => {
      const known = s.dims(s.x)[axis];
      return typeof known === 'number' ? known : dimension(s, s.x, axis);
    };
    const apart = joinShape(s, [size(0), -1, size(2), block, size(3), block]);
    const perm = s.string('mode', 'DCR') === 'DCR' ? [0, 3, 5, 1, 2, 4] : [0, 1, 3, 5, 2, 4];
    return [reshapeLike(s, s.b.op('Transpose', [s.b.op('Reshape', [s.g, apart])], { perm }), s.x)];
  },
};

const spaceToDepth: Rule = {
  opType: 'SpaceToDepth',
  formula: 'dx = g with its channels as blocks of pixels again',
  inputs: [0],
  gradient: (s) => [s.b.op('DepthToSpace', [s.g], { blocksize: s.int('blocksize', 1), mode: 'DCR' })],
};

export const reshaping: readonly Rule[] = [
  sameElements('Reshape'),
  sameElements('Flatten'),
  sameElements('Squeeze'),
  sameElements('Unsqueeze'),
  transpose,
  expand,
  tile,
  depthToSpace,
  spaceToDepth,
];
