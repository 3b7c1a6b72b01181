import type { Rule } from '../rule.ts';
import { dimension, joinShape } from '../shapes.ts';
import type { BackwardStep } from '../step.ts';
import { transposedAlong } from './along-axis.ts';

/**
 * Resizing is linear and works on each axis alone: y = A·x along the axis, so dx = Aᵀ·g. The matrix Aᵀ comes from
 * resizing the identity along that axis by the same node, so that every mode of coordinates and rounding is the one of
 * the forward pass.
 */
const resize: Rule = {
  opType: 'Resize',
  formula: 'along each resized axis dx = Aᵀ · g, with A the matrix of the interpolation',
  inputs: [0],
  ranked: true,
  limits: 'modes nearest, linear and cubic; not tf_crop_and_resize, not keep_aspect_ratio_policy',
  refuse: ({ node, numbers }) => {
    const text = (name: string): unknown => node.attributes.get(name)?.value;
    if (text('coordinate_transformation_mode') === 'tf_crop_and_resize')
      return 'the coordinates tf_crop_and_resize are not covered';
    if ((text('keep_aspect_ratio_policy') ?? 'stretch') !== 'stretch') return 'keep_aspect_ratio_policy is not covered';
    const scales = node.inputs[2] ? numbers(node.inputs[2]) : undefined;
    return node.inputs[3] || scales !== undefined ? undefined : 'its scales are computed at run time';
  },
  gradient: (s) => {
    const rank = s.rank(s.x);
    const listed = s.ints('axes') ?? s.dims(s.x).map((_, i) => i);
    const axes = listed.map((axis) => s.axis(axis));
    return [axes.reduce((g, axis, i) => (isResized(s, axis, i) ? alongAxis(s, g, rank, axis, i) : g), s.g)];
  },
};

/** Whether the axis, listed at position i, may change. */
function isResized(s: BackwardStep, axis: number, i: number): boolean {
  if (!s.node.inputs[3]) return (s.numbers(s.node.inputs[2]) as readonly number[])[i] !== 1;
  const [from, to] = [s.dims(s.x)[axis], s.dims(s.y)[axis]];
  return from === null || from !== to;
}

function alongAxis(s: BackwardStep, g: string, rank: number, axis: number, i: number): string {
  const { b } = s;
  const [length, newLength] = [dimension(s, s.x, axis), dimension(s, s.y, axis)];
  const square = b.op('Expand', [s.number(0), b.op('Concat', [length, length], { axis: 0 })]);
  const identity = b.op('Reshape', [b.op('EyeLike', [square]), joinShape(s, [length, 1, length, 1])]);
  const attributes = Object.fromEntries([...s.node.attributes].filter(([name]) => name !== 'axes'));
  const [, , scales, sizes] = s.node.inputs;
  const matrix = sizes
    ? b.op('Resize', [identity, '', '', joinShape(s, [length, 1, newLength, 1])], attributes)
    : b.op('Resize', [identity, '', b.constant([1, 1, (s.numbers(scales) as readonly number[])[i], 1])], attributes);
  const adjoint = b.op('Reshape', [matrix, joinShape(s, [length, newLength])]);
  return transposedAlong(s, g, rank, axis, b.op('Transpose', [adjoint], { perm: [1, 0] }));
}

export const resizing: readonly Rule[] = [resize];
