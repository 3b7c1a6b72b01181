import { elementTypeOf } from '../element-type.ts';
import { intOf, tensorOf } from '../attributes.ts';
import { fromFront } from './dimension.ts';
import { unknowns, type ShapeRule } from './rule.ts';

const shape: ShapeRule = (at) => {
  const rank = at.shape(0)?.length;
  const start = intOf(at.node, 'start', 0);
  const end = intOf(at.node, 'end', rank ?? 0);
  return [{ type: 'int64', shape: rank === undefined ? [null] : [at.shape(0)!.slice(start, end).length] }];
};

const size: ShapeRule = () => [{ type: 'int64', shape: [] }];

const constantOfShape: ShapeRule = (at) => {
  const rank = at.shape(0)?.[0];
  const dims = at.partial(0)?.elements ?? (typeof rank === 'number' ? unknowns(rank) : undefined);
  return [{ type: tensorOf(at.node, 'value')?.type ?? 'float32', shape: dims }];
};

/** Range: max(⌈(limit − start) / delta⌉, 0) numbers. */
const range: ShapeRule = (at) => {
  const [start, limit, delta] = [0, 1, 2].map((i) => at.partial(i)?.elements[0] ?? null);
  if (delta === 0) throw at.refuse('it counts in steps of 0.');
  const known = typeof start === 'number' && typeof delta === 'number';
  if (known && typeof limit === 'number') return [at.like(0, [Math.max(0, Math.ceil((limit - start) / delta))])];
  return [at.like(0, [known && start === 0 && delta === 1 ? limit : null])];
};

const nonZero: ShapeRule = (at) => [{ type: 'int64', shape: [at.shape(0)?.length ?? null, null] }];

const oneHot: ShapeRule = (at) => {
  const indices = at.shape(0);
  if (indices === undefined) return [at.like(2, undefined)];
  const axis = fromFront(intOf(at.node, 'axis', -1), indices.length + 1);
  return [at.like(2, [...indices.slice(0, axis), at.partial(1)?.elements[0] ?? null, ...indices.slice(axis)])];
};

const random: ShapeRule = (at) => {
  const dims = at.node.attributes.get('shape');
  return [
    {
      type: elementTypeOf(intOf(at.node, 'dtype', 1)) ?? 'float32',
      shape: dims?.kind === 'ints' ? dims.value : undefined,
    },
  ];
};

export const SHAPE_ARITHMETIC_RULES: Readonly<Record<string, ShapeRule>> = {
  Shape: shape,
  Size: size,
  ConstantOfShape: constantOfShape,
  Range: range,
  NonZero: nonZero,
  OneHot: oneHot,
  RandomNormal: random,
  RandomUniform: random,
};
