import { floatsOf, intsOf, stringOf } from '../attributes.ts';
import type { Attribute } from '../graph.ts';
import { numbersOf } from '../tensor.ts';
import type { UpgradeStep, UpgradeRule } from './step.ts';

const text = (value: string): Attribute => ({ kind: 'string', value });

/**
 * The first opset whose Resize has a coordinate mode; before it, the asymmetric one was meant: x_in = x_out / scale.
 */
const COORDINATE_MODES = 11;

/** Upsample (opsets 7 and 9, gone in 10): scales as attribute, then as input; `nearest` takes ⌊x_out / scale⌋. */
export const upsample: UpgradeRule = (step) => {
  const { builder, node } = step;
  const scales = floatsOf(node, 'scales');
  const input = scales === undefined ? node.inputs[1] : builder.constant(scales);
  asymmetric(step, input, 'floor');
};

/** Resize, opset 11: a region and the scales as third input. */
export const resize: UpgradeRule = (step) => {
  const { node } = step;
  if (step.opset < COORDINATE_MODES) return asymmetric(step, node.inputs[1], nearestModeOfOpset10(step));
  if (stringOf(node, 'coordinate_transformation_mode') === 'tf_half_pixel_for_nn') {
    throw step.refuse(
      "the coordinate mode 'tf_half_pixel_for_nn' was taken out in opset 13",
      'Export the model with opset 13 or later.',
    );
  }
  // Exporters fill the places of inputs that are not meant with empty tensors.
  const inputs = node.inputs.map((name, i) => (i > 0 && step.shape(i)?.[0] === 0 ? '' : name));
  while (inputs.at(-1) === '') inputs.pop();
  step.builder.add({ ...node, inputs });
};

function asymmetric(step: UpgradeStep, scales: string, nearestMode: string): void {
  const { node } = step;
  const mode = stringOf(node, 'mode', 'nearest');
  const attributes = new Map<string, Attribute>([
    ['mode', text(mode === 'bilinear' ? 'linear' : mode)],
    ['coordinate_transformation_mode', text('asymmetric')],
  ]);
  if (mode === 'nearest') attributes.set('nearest_mode', text(nearestMode));
  step.builder.add({ ...node, opType: 'Resize', inputs: [node.inputs[0], '', scales], attributes });
}

/**
 * ONNX left the rounding of `nearest` in opset 10 open. ONNX Runtime rounds down along axes that grow and up along axes
 * that shrink; where the reciprocal of a scale is whole there is nothing to round.
 */
function nearestModeOfOpset10(step: UpgradeStep): string {
  if (stringOf(step.node, 'mode', 'nearest') !== 'nearest') return 'floor';
  const tensor = step.constant(1);
  const scales = tensor === undefined ? intsOf(step.node, 'scales') : numbersOf(tensor);
  const shrinks = scales?.some((scale) => scale < 1 && !Number.isInteger(1 / scale)) ?? true;
  if (!shrinks) return 'floor';
  if (scales?.some((scale) => scale > 1) ?? true) {
    throw step.refuse(
      'how it rounds depends on scales that are not known to be all above or all below 1',
      'Export the model with opset 11 or later.',
    );
  }
  return 'ceil';
}
