import { sumTo } from '../broadcast.ts';
import type { Rule } from '../rule.ts';
import { reshapeLike, shapeOf } from '../shapes.ts';

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

export const reshaping: readonly Rule[] = [
  sameElements('Reshape'),
  sameElements('Flatten'),
  sameElements('Squeeze'),
  sameElements('Unsqueeze'),
  transpose,
  expand,
  tile,
];
