import { intOf } from '../attributes.ts';
import { elementTypeOf } from '../element-type.ts';
import type { ElementType } from '../graph.ts';
import { tensorFrom } from '../tensor.ts';
import type { UpgradeStep, UpgradeRule } from './step.ts';

/** What codes may be in the working opset; later ones have 16 and 4 bits. */
const WORKING_TYPES: ReadonlySet<ElementType> = new Set(['int8', 'uint8', 'int32']);

/** Code types that the operators of these names in ONNX Runtime's own domain take. */
const MICROSOFT_TYPES: ReadonlySet<ElementType> = new Set(['int16', 'uint16']);

const ADVICE = 'Quantise the model to 8 bits in one scale for each tensor or channel.';

/** QuantizeLinear and DequantizeLinear, opset 21: codes of 16 bits, scales for blocks, the type as an attribute. */
export const quantizeLinear: UpgradeRule = (step) => {
  const { node } = step;
  for (const name of ['block_size', 'output_dtype', 'precision']) {
    const value = intOf(node, name, 0);
    if (
      value !== 0 &&
      !(name === 'output_dtype' && elementTypeOf(value) !== undefined && node.opType === 'QuantizeLinear')
    )
      throw step.refuse(`its attribute '${name}' came later`, ADVICE);
  }
  const type = codesOf(step);
  if (!WORKING_TYPES.has(type) && !MICROSOFT_TYPES.has(type)) throw step.refuse(`its codes are ${type}`, ADVICE);
  const attributes = step.attributesWithout(['block_size', 'output_dtype', 'precision']);
  const zero = (node.inputs[2] ?? '') !== '' ? node.inputs[2] : zeroPoint(step, type);
  const inputs = [...node.inputs.slice(0, 2), ...(zero === undefined ? [] : [zero])];
  step.builder.add({ ...node, inputs, attributes, domain: WORKING_TYPES.has(type) ? '' : 'com.microsoft' });
};

/**
 * The type of the codes: of the zero point, else as the attribute says, else uint8; of what is read where codes are
 * read.
 */
function codesOf(step: UpgradeStep): ElementType {
  const { node } = step;
  if (node.opType === 'DequantizeLinear') return step.type(0) === 'float32' ? 'uint8' : step.type(0);
  if ((node.inputs[2] ?? '') !== '') return step.type(2);
  return elementTypeOf(intOf(node, 'output_dtype', 0)) ?? 'uint8';
}

/** Where the type of codes was an attribute, a zero of that type says it. */
function zeroPoint(step: UpgradeStep, type: ElementType): string | undefined {
  if (step.node.opType === 'DequantizeLinear' || type === 'uint8') return undefined;
  const shape = step.shape(1);
  if (!shape?.every((size) => typeof size === 'number'))
    throw step.refuse('the number of its scales is unknown', ADVICE);
  const count = shape.reduce((product, size) => product * size, 1);
  return step.builder.initializer('zero_point', tensorFrom(type, Array<number>(count).fill(0), shape));
}
