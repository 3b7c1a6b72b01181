import { misuse } from '../errors/error.ts';
import { optionWords } from '../errors/option-words.ts';
import { describeShape, imageSize, type ImageShape } from '../image/image.ts';
import type { Dimension, Graph, Node, ValueInfo } from '../onnx/graph.ts';
import { readersOf } from '../onnx/links.ts';
import { numbersOf } from '../onnx/tensor.ts';
import { INPUT_TYPES, type InputType, type Layout, type ModelInput, type ModelOverrides } from './description.ts';

/** `[N, 3, ?, ?]`, the form in which messages quote a declared shape. */
export function describeDimensions(dims: readonly Dimension[]): string {
  return `[${dims.map((d) => d ?? '?').join(', ')}]`;
}

/**
 * Reads how the model takes its images.
 * @throws misuse where the model takes something else than one batch of images, or where `overrides` contradict it,
 * and, as a question that names the flag, where the file leaves the layout or the size open.
 */
export function describeInput(graph: Graph, overrides: ModelOverrides = {}): ModelInput {
  const info = onlyInput(graph);
  const subject = `model input '${info.name}'`;
  const type = info.type as InputType;
  if (!INPUT_TYPES.includes(type)) {
    throw misuse({
      code: 'unsupported-input-type',
      subject,
      problem: `has the element type ${info.type}; images can be given as ${INPUT_TYPES.join(', ')}.`,
      advice: 'Export the model with one of these.',
    });
  }
  const { shape: declared } = info;
  if (declared === undefined || declared.length < 1 || declared.length > 4) {
    const seen =
      declared === undefined
        ? 'has no declared rank'
        : `has the shape ${describeDimensions(declared)} of rank ${declared.length}`;
    throw misuse({
      code: 'wrong-rank',
      subject,
      problem: `${seen}; a batch of images is [N, C, H, W], [N, H, W, C], [N, H, W] (grey) or [N, values].`,
      advice: 'Export the model with such an input.',
    });
  }
  const unbatched = isOneImage(declared);
  const [first, ...rest] = unbatched ? [1, ...declared] : declared;
  const batch = typeof first === 'number' && first > 0 ? first : 'free';
  const known = rest.map((d) => (typeof d === 'number' && d > 0 ? d : undefined));
  const { layout, shape, dims } = readDimensions(subject, known, declared, hintOf(graph, info.name), overrides);
  if (dims.length !== known.length || dims.some((dim, axis) => known[axis] !== undefined && known[axis] !== dim)) {
    throw misuse({
      code: 'size-contradicts-model',
      subject,
      problem:
        `has the shape ${describeDimensions(declared)}, which does not take images of ${describeShape(shape)} as ` +
        `${layout}.`,
      advice: `Correct ${optionWords('size')} or ${optionWords('layout')}, or leave them out.`,
    });
  }
  return { name: info.name, type, layout, shape, dims, batch, ...(unbatched ? { unbatched } : {}) };
}

/**
 * `[784]`, `[28, 28]`, `[3, 32, 32]` or `[32, 32, 3]`, all said as numbers: one image, without a dimension for a batch.
 */
function isOneImage(declared: readonly Dimension[]): boolean {
  const sides = declared.filter((d) => typeof d === 'number');
  if (sides.length < declared.length) return false;
  if (declared.length === 1) return true;
  if (declared.length === 2) return sides[0] === sides[1] && sides[0] > 3 && channelsOf(sides[1]) === undefined;
  return declared.length === 3 && sides[0] !== 1 && (sides[0] === 3 || (sides[2] === 3 && sides[0] === sides[1]));
}

/** Where there is but one axis of values, behind the batch or among axes of 1, an image is flattened along it. */
function readDimensions(
  subject: string,
  known: readonly (number | undefined)[],
  declared: readonly Dimension[],
  hint: Hint,
  overrides: ModelOverrides,
): Reading & { readonly dims: readonly number[] } {
  const axis = flatAxis(known);
  if (axis !== undefined) {
    const reading = readFlat(subject, known[axis], hint, overrides);
    return { ...reading, dims: known.map((_, i) => (i === axis ? imageSize(reading.shape) : 1)) };
  }
  const planes = flatPlanes(known, overrides);
  if (planes !== undefined) return planes;
  if (known.length === 2) {
    const reading = readGrey(known, declared, subject, overrides);
    return { ...reading, dims: [reading.shape.height, reading.shape.width] };
  }
  const reading = readPlanes(subject, known, declared, hint, overrides);
  const { channels, height, width } = reading.shape;
  return { ...reading, dims: reading.layout === 'nchw' ? [channels, height, width] : [height, width, channels] };
}

/**
 * The axis of a flattened image, `[784]`, `[784, 1]`, `[1, 1, 784]`: images of a single row or column of pixels are
 * none.
 */
function flatAxis(known: readonly (number | undefined)[]): number | undefined {
  if (known.length === 1) return 0;
  const axes = known.flatMap((d, axis) => (d === 1 ? [] : [axis]));
  return axes.length === 1 && (known[axes[0]] ?? 0) > 3 ? axes[0] : undefined;
}

/** `[3, 1024]` and `[1024, 3]`: colour images whose planes, or whose pixels, stand in one row. */
function flatPlanes(
  known: readonly (number | undefined)[],
  { size }: ModelOverrides,
): (Reading & { readonly dims: readonly number[] }) | undefined {
  if (known.length !== 2) return undefined;
  const [first, second] = known;
  const isFirst = first === 3;
  const pixels = isFirst ? second : first;
  if ((!isFirst && second !== 3) || pixels === undefined) return undefined;
  const side = Math.sqrt(pixels);
  const height = size?.height ?? side;
  const width = size?.width ?? side;
  if (!Number.isInteger(height) || height * width !== pixels) return undefined;
  return { layout: isFirst ? 'nchw' : 'nhwc', shape: { channels: 3, height, width }, dims: [first!, second!] };
}

function onlyInput(graph: Graph): ValueInfo {
  const [info, ...others] = graph.inputs;
  if (info === undefined || others.length > 0) {
    const seen = graph.inputs
      .map((i) => `'${i.name}' ${i.type}${i.shape === undefined ? '' : describeDimensions(i.shape)}`)
      .join(', ');
    throw misuse({
      code: 'not-a-classifier',
      subject: 'model',
      problem:
        `has ${graph.inputs.length} inputs${seen === '' ? '' : ` (${seen})`}; an image classifier has one, ` +
        'its images.',
      advice: 'Export the model with the images as its only input.',
    });
  }
  return info;
}

type Reading = { readonly layout: Layout; readonly shape: ImageShape };

/** Channels of a flat square image: c·s² values with c = 1 or 3 tell the size (784 → 1×28×28, 3072 → 3×32×32). */
function channelsOf(values: number): number | undefined {
  return [1, 3].find((c) => Number.isInteger(Math.sqrt(values / c)));
}

/**
 * The number of values tells the size of square images but, in colour, not the order: that is asked for unless the
 * graph undoes the flattening.
 */
function readFlat(
  subject: string,
  values: number | undefined,
  { layout: hinted, shape: unflattened }: Hint,
  overrides: ModelOverrides,
): Reading {
  const { size } = overrides;
  const layout = overrides.layout ?? hinted;
  if (unflattened !== undefined && size === undefined && imageSize(unflattened) === values && layout !== undefined)
    return { layout: layout === 'nhwc' ? 'nhwc' : 'nchw', shape: unflattened };
  const area = size === undefined ? undefined : size.height * size.width;
  const channels =
    size?.channels ??
    (values === undefined
      ? undefined
      : area === undefined
        ? channelsOf(values)
        : [1, 3].find((c) => values === c * area));
  if (channels === undefined || (size === undefined && values === undefined)) {
    throw misuse({
      code: 'size-unknown',
      subject,
      problem: `is flat with ${values ?? 'an open number of'} values, which does not tell the size of the images.`,
      advice: `What is it? Say so with ${optionWords('size', 'CxHxW')}, such as ${optionWords('size', '3x32x32')}.`,
    });
  }
  const side = Math.sqrt(values! / channels);
  const shape = { channels, height: size?.height ?? side, width: size?.width ?? side };
  if (layout === undefined && channels !== 1) {
    throw misuse({
      code: 'layout-unknown',
      subject,
      problem: `is flat with ${imageSize(shape)} values (${describeShape(shape)}), which does not tell their order.`,
      advice:
        `Is it channel by channel (${optionWords('layout', 'flat')}) or pixel by pixel ` +
        `(${optionWords('layout', 'nhwc')})?`,
    });
  }
  return { layout: layout === 'nhwc' ? 'nhwc' : 'nchw', shape };
}

/** Three dimensions are a batch of grey images. */
function readGrey(
  known: readonly (number | undefined)[],
  declared: readonly Dimension[],
  subject: string,
  overrides: ModelOverrides,
): Reading {
  const height = overrides.size?.height ?? known[0];
  const width = overrides.size?.width ?? known[1];
  if (height === undefined || width === undefined) throw sizeQuestion(subject, declared);
  return { layout: 'nchw', shape: { channels: 1, height, width } };
}

function readPlanes(
  subject: string,
  known: readonly (number | undefined)[],
  declared: readonly Dimension[],
  hint: Hint,
  overrides: ModelOverrides,
): Reading {
  if (overrides.layout === 'flat') {
    throw misuse({
      code: 'layout-contradicts-model',
      subject,
      problem: `has the shape ${describeDimensions(declared)}, which is not flat.`,
      advice: `Use ${optionWords('layout', 'nchw')} or ${optionWords('layout', 'nhwc')}, or leave it out.`,
    });
  }
  const layout = overrides.layout ?? layoutByDimensions(known) ?? hint.layout;
  if (layout === undefined) {
    throw misuse({
      code: 'layout-unknown',
      subject,
      problem: `has the shape ${describeDimensions(declared)}, which does not tell where the channels are.`,
      advice:
        `Is it [N, C, H, W] (${optionWords('layout', 'nchw')}) or [N, H, W, C] ` +
        `(${optionWords('layout', 'nhwc')})?`,
    });
  }
  const [c, h, w] = layout === 'nchw' ? known : [known[2], known[0], known[1]];
  const size = overrides.size;
  const channels = size?.channels ?? c ?? hint.channels;
  const height = size?.height ?? h;
  const width = size?.width ?? w;
  if (channels === undefined || height === undefined || width === undefined) throw sizeQuestion(subject, declared);
  if (channels !== 1 && channels !== 3) {
    throw misuse({
      code: 'channel-count',
      subject,
      problem: `takes ${channels} channels as ${layout}; images have 1 or 3.`,
      advice:
        `If the layout was read wrongly, set it with ${optionWords('layout', 'nchw')} or ` +
        `${optionWords('layout', 'nhwc')}.`,
    });
  }
  return { layout, shape: { channels, height, width } };
}

function sizeQuestion(subject: string, declared: readonly Dimension[]): Error {
  return misuse({
    code: 'size-unknown',
    subject,
    problem: `has the shape ${describeDimensions(declared)}, which leaves the size of the images open.`,
    advice:
      `Which size was it trained on? Say so with ${optionWords('size', 'CxHxW')}, such as ` +
      `${optionWords('size', '3x224x224')}.`,
  });
}

/** Only 1 and 3 can be channels, and an image is hardly ever that small. */
function layoutByDimensions([a, , c]: readonly (number | undefined)[]): Layout | undefined {
  const canBeChannels = (d: number | undefined): boolean => d === 1 || d === 3;
  if (canBeChannels(a) && !canBeChannels(c)) return 'nchw';
  if (canBeChannels(c) && !canBeChannels(a)) return 'nhwc';
  return undefined;
}

type Hint = { readonly layout?: Layout; readonly channels?: number; readonly shape?: ImageShape };

/** Operators that leave the dimensions in place, so that the first convolution behind them still tells the layout. */
const ELEMENTWISE = new Set([
  'Identity',
  'Cast',
  'Add',
  'Sub',
  'Mul',
  'Div',
  'Clip',
  'Pad',
  'BatchNormalization',
  'QuantizeLinear',
  'DequantizeLinear',
  'Relu',
]);

/** What the first convolution (channels second, always) or transposition on the input's way says about the layout. */
function hintOf(graph: Graph, input: string): Hint {
  const readers = readersOf(graph);
  let value = input;
  for (;;) {
    const node = readers.get(value)?.find((n) => n.inputs[0] === value || ELEMENTWISE.has(n.opType));
    if (node === undefined) return {};
    if (node.opType === 'Conv') {
      const weight = graph.initializers.get(node.inputs[1]);
      const group = node.attributes.get('group');
      return {
        layout: 'nchw',
        channels: weight === undefined ? undefined : weight.dims[1] * (group?.kind === 'int' ? group.value : 1),
      };
    }
    if (node.opType === 'Reshape') return unflattening(graph, node);
    if (node.opType === 'Transpose') {
      const perm = node.attributes.get('perm');
      const isToChannelsFirst = perm?.kind === 'ints' && perm.value.join() === '0,3,1,2';
      return isToChannelsFirst ? { layout: 'nhwc' } : {};
    }
    if (!ELEMENTWISE.has(node.opType)) return {};
    value = node.outputs[0];
  }
}

/** What a flat image is brought to by the Reshape that it goes into: planes or pixels. */
function unflattening(graph: Graph, node: Node): Hint {
  const target = graph.initializers.get(node.inputs[1]);
  const dims = target === undefined ? [] : numbersOf(target).slice(1);
  if (dims.length !== 3 || dims.some((d) => d < 1)) return {};
  const layout = layoutByDimensions(dims);
  if (layout === undefined) return {};
  const [channels, height, width] = layout === 'nchw' ? dims : [dims[2], dims[0], dims[1]];
  return { layout, shape: { channels, height, width } };
}
