import { intOf } from '../attributes.ts';
import { tensorFrom } from '../tensor.ts';
import type { UpgradeRule } from './step.ts';

const EVAL = 'Export the model in inference mode (PyTorch: model.eval()).';

/** BatchNormalization: `spatial` went in opset 9; before opset 14 more than one output meant training. */
export const batchNormalization: UpgradeRule = (step) => {
  if (step.opset >= 14) return step.builder.add(step.node);
  if (intOf(step.node, 'spatial', 1) === 0)
    throw step.refuse('statistics for every pixel (spatial = 0) are gone', EVAL);
  if (step.node.outputs.slice(1).some((name) => name !== ''))
    throw step.refuse('it is in the old training mode, with five outputs', EVAL);
  step.builder.add({
    ...step.node,
    outputs: step.node.outputs.slice(0, 1),
    attributes: step.attributesWithout(['spatial']),
  });
};

/**
 * GroupNormalization takes scale and bias of every channel since opset 21, of every group in opset 18. The newer form
 * is the older one with scale 1 and bias 0, followed by a product and a sum over the channels.
 */
export const groupNormalization: UpgradeRule = (step) => {
  if (step.opset < 21) return step.builder.add(step.node);
  const { builder, node } = step;
  const rank = step.shape(0)?.length;
  const groups = intOf(node, 'num_groups');
  if (rank === undefined || groups === undefined)
    throw step.refuse('the rank of its input is unknown', 'Export the model with opset 20.');
  const [x, scale, bias] = node.inputs;
  const type = step.type(0);
  if (type !== 'float32' && type !== 'float64')
    throw step.refuse(`its elements are ${type}`, 'Export the model in float32.');
  const ones = builder.initializer('ones', tensorFrom(type, new Array<number>(groups).fill(1)));
  const zeros = builder.initializer('zeros', tensorFrom(type, new Array<number>(groups).fill(0)));
  const perChannel = builder.ints([-1, ...new Array<number>(rank - 2).fill(1)]);
  const attributes = Object.fromEntries(step.attributesWithout(['stash_type']));
  const normalized = builder.op('GroupNormalization', [x, ones, zeros], attributes);
  const scaled = builder.op('Mul', [normalized, builder.op('Reshape', [scale, perChannel])]);
  builder.add({
    ...node,
    opType: 'Add',
    inputs: [scaled, builder.op('Reshape', [bias, perChannel])],
    attributes: new Map(),
  });
};
