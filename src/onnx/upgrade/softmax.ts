import { intOf } from '../attributes.ts';
import { fromFront } from '../inference/dimension.ts';
import type { UpgradeStep, UpgradeRule } from './step.ts';

/**
 * Softmax, LogSoftmax, Hardmax before opset 13 flatten x to a matrix at `axis` (default 1) and go over its rows; since
 * then they go along one axis (default −1). The two are the same where only one of the flattened axes is longer than 1.
 */
export const softmax: UpgradeRule = (step) => {
  if (step.opset >= 13) return step.builder.add(step.node);
  const axis = intOf(step.node, 'axis', 1);
  const single = onlyAxis(step, axis);
  if (single !== undefined) return step.withAttributes({ axis: { kind: 'int', value: single } });
  const { builder, node } = step;
  const rows = builder.op('Flatten', [node.inputs[0]], { axis });
  const result = builder.op(node.opType, [rows], { axis: -1 });
  builder.add({
    ...node,
    opType: 'Reshape',
    inputs: [result, builder.op('Shape', [node.inputs[0]])],
    attributes: new Map(),
  });
};

function onlyAxis(step: UpgradeStep, axis: number): number | undefined {
  const shape = step.shape(0);
  if (shape === undefined) return undefined;
  const first = fromFront(axis, shape.length);
  const long = shape.flatMap((dim, i) => (i >= first && dim !== 1 ? [i] : []));
  return long.length > 1 ? undefined : (long[0] ?? first);
}
