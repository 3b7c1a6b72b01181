import { floatOf, intOf, intsOf } from '../attributes.ts';
import type { UpgradeRule } from './step.ts';

/*
 * Operators whose attributes became inputs. Each rule leaves a node alone that has its inputs already.
 */

/** What Clip's `min` and `max` were where they were left out (opset 6): the ends of float32. */
const FLOAT32_MAX = 3.4e38;

/** Clip, opset 11: min and max. */
const clip: UpgradeRule = (step) => {
  if (step.opset >= 11) return step.builder.add(step.node);
  const bounds = ['min', 'max'].map((name) => {
    const bound = floatOf(step.node, name);
    return bound === undefined || Math.abs(bound) > FLOAT32_MAX ? '' : step.scalar(bound);
  });
  step.withInputs(bounds, ['min', 'max']);
};

/** Slice, opset 10: starts, ends, axes. */
const slice: UpgradeRule = (step) => {
  if (step.opset >= 10) return step.builder.add(step.node);
  const lists = ['starts', 'ends', 'axes'].map((name) => intsOf(step.node, name));
  step.withInputs(
    lists.map((list) => (list === undefined ? '' : step.builder.ints(list))),
    ['starts', 'ends', 'axes'],
  );
};

/** Pad, opset 11: pads and the constant. */
const pad: UpgradeRule = (step) => {
  if (step.opset >= 11) return step.builder.add(step.node);
  const value = floatOf(step.node, 'value', 0);
  step.withInputs(
    [step.builder.ints(intsOf(step.node, 'pads') ?? []), value === 0 ? '' : step.scalar(value)],
    ['pads', 'value'],
  );
};

/** Squeeze, Unsqueeze, ReduceSum (opset 13) and the other reductions (opset 18): axes. */
function axes(since: number): UpgradeRule {
  return (step) => {
    if (step.opset >= since) return step.builder.add(step.node);
    const list = intsOf(step.node, 'axes');
    step.withInputs([list === undefined ? '' : step.builder.ints(list)], ['axes']);
  };
}

/** Split, opset 13: the sizes; since opset 18 even parts need their number said. */
const split: UpgradeRule = (step) => {
  if (step.opset >= 18) return step.builder.add(step.node);
  const sizes = intsOf(step.node, 'split');
  if (sizes !== undefined) return step.withInputs([step.builder.ints(sizes)], ['split']);
  if ((step.node.inputs[1] ?? '') !== '') return step.builder.add(step.node);
  step.withAttributes({ num_outputs: { kind: 'int', value: step.node.outputs.length } });
};

/** TopK, opset 10: k. */
const topK: UpgradeRule = (step) => {
  if (step.opset >= 10) return step.builder.add(step.node);
  step.withInputs([step.builder.ints([intOf(step.node, 'k', 1)])], ['k']);
};

/** Dropout, opset 12: the ratio, which means nothing in inference. Its mask is of booleans since opset 10. */
const dropout: UpgradeRule = (step) => {
  if (step.opset >= 12) return step.builder.add(step.node);
  if (step.opset < 10 && (step.node.outputs[1] ?? '') !== '') {
    throw step.refuse(
      'its second output, the mask, changed its type',
      'Export the model in inference mode, where Dropout does nothing.',
    );
  }
  step.withAttributes({ ratio: undefined });
};

const REDUCTIONS = ['L1', 'L2', 'LogSum', 'LogSumExp', 'Max', 'Mean', 'Min', 'Prod', 'SumSquare'];

export const ATTRIBUTES_TO_INPUTS: Readonly<Record<string, UpgradeRule>> = {
  Clip: clip,
  Slice: slice,
  Pad: pad,
  Squeeze: axes(13),
  Unsqueeze: axes(13),
  ReduceSum: axes(13),
  ...Object.fromEntries(REDUCTIONS.map((name) => [`Reduce${name}`, axes(18)])),
  Split: split,
  TopK: topK,
  Dropout: dropout,
};
