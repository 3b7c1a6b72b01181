import { frameOf, isPlain, readWeightGradient } from '../../gradients/expansions/convolution-weights.ts';
import type { Rule } from '../../onnx/rewriting/rewriter.ts';

/** Places over which one matrix product of the batch sums at least: fewer leave the units of a GPU idle. */
const LEAST_PLACES = 1024;
/** Most numbers of all products together, before they are summed. */
const MOST_NUMBERS = 2 ** 26;

/**
 * The weight gradient of a convolution as a batch of matrix products and their sum. Standard operators write it as one
 * convolution with the output gradient as filter (see gradients/expansions/convolution-weights.ts), and a GPU's
 * convolutions are not made for filters as large as an image.
 *
 * With S groups of n images: dw[o, t, c] = Σ over s of Σ over i, p of g[s, o, i, p] · x[s, t, c, i, p], where t runs
 * over the taps of the kernel and p over the places of the output.
 */
export const weightGradient: Rule = (node, r) => {
  const gradient = readWeightGradient(node);
  const { x, g, axes } = gradient;
  const frame = isPlain(gradient) ? frameOf(gradient) : undefined;
  if (frame === undefined || frame.some((amount) => amount < 0)) return undefined;
  if ([x, g].some((value) => r.source.shape(value) === undefined)) return undefined;
  const [top, left, bottom, right] = frame;
  const [down, across] = axes.map(({ stride }) => stride);
  const [count, channels, height, width] = r.source.shape(x) as readonly number[];
  const [, outputs, rows, columns] = r.source.shape(g) as readonly number[];
  const [kernelHeight, kernelWidth] = axes.map(({ kernel }) => kernel);
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
  const framed = frame.some((amount) => amount !== 0)
    ? r.op('Pad', [images, r.b.ints([0, 0, 0, top, left, 0, 0, 0, bottom, right])])
    : images;
  const taps: string[] = [];
  for (let i = 0; i < kernelHeight; i++) {
    for (let j = 0; j < kernelWidth; j++) {
      const ends = [i + (rows - 1) * down + 1, j + (columns - 1) * across + 1];
      taps.push(r.op('Slice', [framed, r.b.ints([i, j]), r.b.ints(ends), r.b.ints([3, 4]), r.b.ints([down, across])]));
    }
  }
  const patches = r.reshape(taps.length === 1 ? taps[0] : r.op('Concat', taps, { axis: 1 }), [
    groups,
    inputs,
    size * places,
  ]);
  const gradients = r.reshape(byChannel(r.value(g), [outputs, places]), [groups, outputs, size * places]);
  const products = r.op('FusedMatMul', [gradients, patches], { transB: 1 }, 'com.microsoft');
  const sums = r.op('ReduceSum', [products, r.b.ints([0])], { keepdims: 0 });
  return [r.op('Transpose', [r.reshape(sums, [outputs, kernelHeight, kernelWidth, channels])], { perm: [0, 3, 1, 2] })];
};

/** Images in a group: the least divisor of their number that gives products long enough and few enough. */
function groupSize(count: number, places: number, numbers: number): number {
  for (let size = 1; size < count; size++) {
    if (count % size === 0 && size * places >= LEAST_PLACES && (count / size) * numbers <= MOST_NUMBERS) return size;
  }
  return count;
}
