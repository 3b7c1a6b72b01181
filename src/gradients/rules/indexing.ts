import type { Rule } from '../rule.ts';
import { dimension, joinShape, padAxes, zerosLike } from '../shapes.ts';
import type { BackwardStep } from '../step.ts';
import { scatterAlong } from './scatter.ts';
import { slice } from './slice.ts';

const concat: Rule = {
  opType: 'Concat',
  formula: 'dxᵢ = the part of g that xᵢ became',
  inputs: 'all',
  ranked: true,
  gradient: (s) => {
    const axis = s.axis(s.int('axis', 0));
    const sizes = joinShape(
      s,
      s.node.inputs.map((input) => {
        const known = s.dims(input)[axis];
        return typeof known === 'number' ? known : dimension(s, input, axis);
      }),
    );
    const parts = s.b.ops('Split', [s.g, sizes], s.node.inputs.length, { axis });
    return s.each((position) => parts[position]);
  },
};

const split: Rule = {
  opType: 'Split',
  formula: 'dx = the gradients of the parts, joined; zeros for parts without one',
  inputs: [0],
  outputs: 'all',
  gradient: (s) => {
    const parts = s.node.outputs.map((output, i) => s.gradients[i] ?? zerosLike(s, output));
    return [s.b.op('Concat', parts, { axis: s.int('axis', 0) })];
  },
};

const gather: Rule = {
  opType: 'Gather',
  formula: 'dx[i] = Σ g[j] over all j with index i',
  inputs: [0],
  ranked: true,
  refuse: ({ node, info }) =>
    info(node.inputs[1])?.shape === undefined ? 'the rank of its indices is unknown' : undefined,
  gradient: (s) => {
    const axis = s.axis(s.int('axis', 0));
    const [x, indices] = s.node.inputs;
    const extent = dimension(s, x, axis);
    if (s.rank(indices) === 1) return [scatterAlong(s, s.g, s.rank(x), axis, indices, extent)];
    const dims = s.dims(x).map((d, i) => (i === axis ? -1 : typeof d === 'number' ? d : dimension(s, x, i)));
    const g = s.b.op('Reshape', [s.g, joinShape(s, dims)]);
    return [scatterAlong(s, g, s.rank(x), axis, s.b.op('Reshape', [indices, s.b.ints([-1])]), extent)];
  },
};

/**
 * Constant mode adds a frame that x has no part in; the other modes copy elements of x, along one axis after another.
 */
const pad: Rule = {
  opType: 'Pad',
  formula: 'constant: dx = g without the frame;  reflect, edge, wrap: dx[i] = Σ g[j] over all j that copy i',
  inputs: [0],
  ranked: true,
  limits: 'modes other than constant need constant pads',
  refuse: ({ node, numbers, info }) => {
    const [x, pads, , axes] = node.inputs;
    const mode = node.attributes.get('mode')?.value ?? 'constant';
    if (mode !== 'constant' && numbers(pads) === undefined)
      return `its pads are computed at run time in mode '${String(mode)}'`;
    if (axes && (numbers(axes) === undefined || info(x)?.shape === undefined))
      return 'its axes are computed at run time';
    return undefined;
  },
  gradient: (s) => {
    const [, pads, , axesInput] = s.node.inputs;
    const mode = s.string('mode', 'constant');
    if (mode === 'constant') {
      const known = s.numbers(pads);
      if (known !== undefined) {
        const listed = axesInput ? (s.numbers(axesInput) as readonly number[]) : s.dims(s.x).map((_, i) => i);
        const inverse = known.map((p) => -p);
        const axes = listed.map((axis) => s.axis(axis));
        return [padAxes(s, s.g, s.rank(s.x), axes, inverse.slice(0, axes.length), inverse.slice(axes.length))];
      }
      return [s.b.op('Pad', [s.g, s.b.op('Neg', [padsOfAllAxes(s, pads, axesInput)])])];
    }
    const amounts = s.numbers(pads) as readonly number[];
    const axes = (axesInput ? (s.numbers(axesInput) as readonly number[]) : s.dims(s.x).map((_, i) => i)).map((axis) =>
      s.axis(axis),
    );
    let g = s.g;
    axes.forEach((axis, i) => {
      const [before, after] = [amounts[i], amounts[i + axes.length]];
      if (before === 0 && after === 0) return;
      const extent = dimension(s, s.x, axis);
      const positions = s.b.op('Range', [s.b.ints(0), s.b.op('Squeeze', [extent]), s.b.ints(1)]);
      const source = s.b.op('Pad', [positions, s.b.ints([before, after])], { mode });
      g = scatterAlong(s, g, s.rank(s.x), axis, source, extent);
    });
    return [g];
  },
};

/** Pads that are computed at run time, written out for all axes (see `padAxes`). */
function padsOfAllAxes(s: BackwardStep, pads: string, axesInput: string | undefined): string {
  if (!axesInput) return pads;
  const rank = s.rank(s.x);
  const axes = (s.numbers(axesInput) as readonly number[]).map((axis) => s.axis(axis));
  const zeros = s.b.ints(Array.from({ length: 2 * rank }, () => 0));
  return s.b.op('ScatterElements', [zeros, s.b.ints([...axes, ...axes.map((axis) => axis + rank)]), pads], { axis: 0 });
}

export const indexing: readonly Rule[] = [concat, split, gather, pad, slice];
