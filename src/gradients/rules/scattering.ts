import { intOf, stringOf } from '../../onnx/attributes.ts';
import type { NodeView } from '../node-view.ts';
import type { Rule } from '../rule.ts';
import { zerosLike } from '../shapes.ts';
import type { BackwardStep } from '../step.ts';

const gatherElements: Rule = {
  opType: 'GatherElements',
  formula: 'dx[i] = Σ g[j] over all j with index i along the axis',
  inputs: [0],
  gradient: (s) => {
    const attributes = { axis: s.int('axis', 0), reduction: 'add' };
    return [s.b.op('ScatterElements', [zerosLike(s, s.x), s.node.inputs[1], s.g], attributes)];
  },
};

const gatherND: Rule = {
  opType: 'GatherND',
  formula: 'dx[i] = Σ g[j] over all j with index i',
  inputs: [0],
  limits: 'batch_dims 0',
  refuse: ({ node }) => (intOf(node, 'batch_dims', 0) === 0 ? undefined : 'its attribute batch_dims is not covered'),
  gradient: (s) => [s.b.op('ScatterND', [zerosLike(s, s.x), s.node.inputs[1], s.g], { reduction: 'add' })],
};

function refuseReduction({ node }: NodeView): string | undefined {
  const reduction = stringOf(node, 'reduction', 'none');
  return reduction === 'none' || reduction === 'add' ? undefined : `its reduction '${reduction}' is not covered`;
}

/** Elements of x are replaced by updates, or updates are added to them. */
function scatter(opType: 'ScatterElements' | 'ScatterND', gather: 'GatherElements' | 'GatherND'): Rule {
  return {
    opType,
    formula: 'dx = g, zero where replaced;  dupdates[j] = g at the place of index j',
    inputs: [0, 2],
    limits: 'reductions none (where no index occurs twice) and add',
    refuse: refuseReduction,
    gradient: (s) => {
      const [, indices, updates] = s.node.inputs;
      const along: Record<string, number> = opType === 'ScatterElements' ? { axis: s.int('axis', 0) } : {};
      const replaced = s.string('reduction', 'none') === 'none';
      return s.each((position) => {
        if (position === 2) return s.b.op(gather, [s.g, indices], along);
        return replaced ? s.b.op(opType, [s.g, indices, zerosLike(s, updates)], along) : s.g;
      });
    },
  };
}

const topK: Rule = {
  opType: 'TopK',
  formula: 'dx = the gradient by the values, at the places that they came from',
  inputs: [0],
  gradient: (s) => {
    if (s.gradients[0] === undefined) return [undefined];
    const attributes = Object.fromEntries(s.node.attributes);
    const indices = s.node.outputs[1] || s.b.ops('TopK', s.node.inputs, 2, attributes)[1];
    return [s.b.op('ScatterElements', [zerosLike(s, s.x), indices, s.g], { axis: s.int('axis', -1) })];
  },
};

const cumSum: Rule = {
  opType: 'CumSum',
  formula: 'dx = the sums of g from the other end',
  inputs: [0],
  gradient: (s) => {
    const attributes = { exclusive: s.int('exclusive', 0), reverse: 1 - s.int('reverse', 0) };
    return [s.b.op('CumSum', [s.g, s.node.inputs[1]], attributes)];
  },
};

const trilu: Rule = {
  opType: 'Trilu',
  formula: 'dx = the same triangle of g',
  inputs: [0],
  gradient: (s: BackwardStep) => [s.b.op('Trilu', [s.g, ...s.node.inputs.slice(1)], { upper: s.int('upper', 1) })],
};

export const scattering: readonly Rule[] = [
  gatherElements,
  gatherND,
  scatter('ScatterElements', 'GatherElements'),
  scatter('ScatterND', 'GatherND'),
  topK,
  cumSum,
  trilu,
];
