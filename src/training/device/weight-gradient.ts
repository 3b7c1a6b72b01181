import { intsOf } from '../../onnx/attributes.ts';
import type { Node } from '../../onnx/graph.ts';
import type { Rewriter, Rule } from '../../onnx/rewriting/rewriter.ts';

/** Places over which one matrix product of the batch sums at least: fewer leave the units of a GPU idle. */
const LEAST_PLACES = 1024;
/** Most numbers of all products together, before they are summed. */
const MOST_NUMBERS = 2 ** 26;

/**
 * The weight gradient of a convolution, which the plain graph writes as one convolution with the output gradient as
 * filter (see gradients/rules/convolution-weights.ts, whose form is recognised here), as a batch of matrix products and
 * their sum: a GPU's convolutions are not made for filters as large as an image.
 *
 * With S groups of n images: dw[o, t, c] = Σ over s of Σ over i, p of g[s, o, i, p] · x[s, t, c, i, p], where t runs
 * over the taps of the kernel and p over the places of the output.
 */
export const weightGradient: Rule = (node, r) => {
  const found = recognise(node, r);
  if (found === undefined) return undefined;
  const {
    x,
    g,
    frame: [top, left, bottom, right],
    stride,
  } = found;
  const [count, channels, height, width] = r.source.shape(x) as readonly number[];
  const [, outputs, rows, columns] = r.source.shape(g) as readonly number[];
  const result = r.source.shape(node.outputs[0]) as readonly number[];
  const [kernelHeight, kernelWidth] = [result[2], result[3] / channels];
  const places = rows * columns;
  const inputs = kernelHeight * kernelWidth * channels;
  const size = groupSize(count, places, outputs * inputs);
  const groups = count / size;

  const byChannel = (value: string, ofEach: readonly number[]): string =>
    size === 1
      ? r.reshape(value, [groups, ofEach[0], 1, ...ofEach.slice(1)])
      : r.op('Transpose', [r.reshape(value, [groups, size, ...ofEach])], {
          perm: [0, 2, 1, ...ofEach.slice(1).map((_, i) => i + 3)],
        });
  const images = byChannel(r.value(x), [channels, height, width]);
  const framed = [top, left, bottom, right].some((amount) => amount !== 0)
    ? r.op('Pad', [images, r.b.ints([0, 0, 0, top, left, 0, 0, 0, bottom, right])])
    : images;
  const taps: string[] = [];
  for (let i = 0; i < kernelHeight; i++) {
    for (let j = 0; j < kernelWidth; j++) {
      const ends = [i + (rows - 1) * stride + 1, j + (columns - 1) * stride + 1];
      taps.push(
        r.op('Slice', [framed, r.b.ints([i, j]), r.b.ints(ends), r.b.ints([3, 4]), r.b.ints([stride, stride])]),
      );
    }
  }
  const patches = r.reshape(taps.length === 1 ? taps[0] : r.op('Concat', taps, { axis: 1 }), [
    groups,
    inputs,
    size * places,
  ]);
  const gradients = r.reshape(byChannel(r.value(g), [outputs, places]), [groups, outputs, size * places]);
  const products = r.op('FusedMatMul', [gradients, patches], { transB: 1 }, 'com.microsoft');
  return [r.reshape(r.op('ReduceSum', [products, r.b.ints([0])], { keepdims: 0 }), result)];
};

interface WeightGradient {
  readonly x: string;
  readonly g: string;
  /** Rows and columns added around x: top, left, bottom, right. */
  readonly frame: readonly number[];
  readonly stride: number;
}

function recognise(node: Node, r: Rewriter): WeightGradient | undefined {
  const [image, filter] = node.inputs;
  const transposedG = r.source.maker(filter);
  const reshaped = r.source.maker(image);
  if (
    transposedG?.opType !== 'Transpose' ||
    intsOf(transposedG, 'perm')?.join() !== '1,0,2,3' ||
    reshaped?.opType !== 'Reshape'
  )
    return undefined;
  let source = r.source.maker(reshaped.inputs[0]);
  let frame: readonly number[] = [0, 0, 0, 0];
  if (source?.opType === 'Pad') {
    // Of [batch, rows, columns, channels]: before each, then after each.
    const [batch, top, left, channel, ...after] = r.source.numbers(source.inputs[1]) ?? [];
    const [lastBatch, bottom, right, lastChannel] = after;
    if ([batch, channel, lastBatch, lastChannel].some((amount) => amount !== 0)) return undefined;
    frame = [top, left, bottom, right];
    source = r.source.maker(source.inputs[0]);
  }
  if (source?.opType !== 'Transpose' || intsOf(source, 'perm')?.join() !== '0,2,3,1') return undefined;
  const [x, g] = [source.inputs[0], transposedG.inputs[0]];
  const stride = intsOf(node, 'dilations')?.[0] ?? 1;
  return frame.some((amount) => amount < 0) ||
    [x, g, node.outputs[0]].some((value) => r.source.shape(value) === undefined)
    ? undefined
    : { x, g, frame, stride };
}

/** Images in a group: the least divisor of their number that gives products long enough and few enough. */
function groupSize(count: number, places: number, numbers: number): number {
  for (let size = 1; size < count; size++) {
    if (count % size === 0 && size * places >= LEAST_PLACES && (count / size) * numbers <= MOST_NUMBERS) return size;
  }
  return count;
}
