import { hasWindows } from '../../gradients/expansions/max-pool.ts';
import { intsOf } from '../../onnx/attributes.ts';
import { floats } from '../../onnx/builder.ts';
import type { Node } from '../../onnx/graph.ts';
import type { Lowering, Term } from './lowering.ts';
import { uniformDepthwiseWeights } from './weights.ts';

/*
 * The gradient of a maximum over windows of 3×3 at every second row and column, as convolutional nets for photographs
 * begin with, in the blocked layout. The maximum of a window is that of its rows' maxima: the gradient is first shared
 * out among the rows, then within each row among its columns. The first of equals takes it in both, so that it is the
 * first in row-major order.
 */

/** An activation that makes [difference = 0], as 0 or 1, of a difference that is not negative. */
const IS_ZERO = { activation: 'HardSigmoid', activation_params: floats([-1e30, 1]) };

/** One direction of the windows. */
interface Direction {
  /** Length of the image along it, and of the maxima. */
  readonly image: number;
  readonly maxima: number;
  /** Rows or columns that the windows see before the image. */
  readonly before: number;
}

/**
 * Whether the windows are of 3×3, at every second row and column. Around an image they may see one row or column that
 * is not there where the image is a Relu's: zeros stand for it, and what these take would not have passed the Relu.
 */
export function isThreeByThree(node: Node, lowering: Lowering): boolean {
  const pads = intsOf(node, 'pads') ?? [0, 0, 0, 0];
  return (
    hasWindows(node, '3,3', '2,2') &&
    (pads.every((pad) => pad === 0) ||
      (pads.every((pad) => pad <= 1) && lowering.source.maker(node.inputs[0])?.opType === 'Relu'))
  );
}

/**
 * @param node MaxPoolGradient of such windows, of x, y and g
 */
export function writeOverlappingGradient(lowering: Lowering, node: Node): Term {
  const [x, y, g] = node.inputs;
  const [n, c, height, width] = lowering.imageShape(x)!;
  const [, , h, w] = lowering.imageShape(g)!;
  const [top, left, bottom, right] = intsOf(node, 'pads') ?? [0, 0, 0, 0];
  const image = lowering.blocked(x);
  const inRows = { kernel_shape: [1, 3], strides: [1, 2], dilations: [1, 1], pads: [0, left, 0, right] };
  const inColumns = { kernel_shape: [3, 1], strides: [2, 1], dilations: [1, 1], pads: [top, 0, bottom, 0] };
  const ofRows = lowering.nchwc('MaxPool', [image], inRows);
  const gradient = lowering.blocked(g);

  const rows = interleave(
    lowering,
    shareOut(lowering, c, inColumns, { values: ofRows, maxima: lowering.blocked(y), gradient }),
    { along: 'rows', channels: c, runs: n * (c / lowering.block), size: w * lowering.block },
    { image: height, maxima: h, before: top },
  );
  const byRow = lowering.reshape(rows, [n, c, height, w]);
  const columns = interleave(
    lowering,
    shareOut(lowering, c, inRows, { values: image, maxima: ofRows, gradient: byRow }),
    { along: 'columns', channels: c, runs: n * (c / lowering.block) * height, size: lowering.block },
    { image: width, maxima: w, before: left },
  );
  const tensor = lowering.reshape(columns, [n, c, height, width]);
  const keepsAll = [top, left, bottom, right].every((pad) => pad === 0);
  return keepsAll ? { tensor, means: { tensor: gradient, share: (h * w) / (height * width) } } : { tensor };
}

/** Shares of a gradient that the first, second and third value of each window take. */
type Shares = readonly [first: string, second: string, third: string];

/** @param windows along one direction, of three values at every second one */
function shareOut(
  lowering: Lowering,
  channels: number,
  windows: Record<'kernel_shape' | 'strides' | 'dilations' | 'pads', readonly number[]>,
  { values, maxima, gradient }: { readonly values: string; readonly maxima: string; readonly gradient: string },
): Shares {
  const isMaximum = (place: number): string => {
    const taps = [0, 1, 2].map((at) => (at === place ? -1 : 0));
    const filters = uniformDepthwiseWeights(lowering, taps, channels, windows.kernel_shape);
    return lowering.nchwc('Conv', [values, filters, '', maxima], { ...windows, group: channels, ...IS_ZERO });
  };
  const first = lowering.op('Mul', [gradient, isMaximum(0)]);
  const others = lowering.op('Sub', [gradient, first]);
  const second = lowering.op('Mul', [others, isMaximum(1)]);
  return [first, second, lowering.op('Sub', [others, second])];
}

/** How a blocked tensor falls into lines along a direction: so many runs of lines, so many values in each line. */
interface Lines {
  readonly along: 'rows' | 'columns';
  readonly channels: number;
  readonly runs: number;
  readonly size: number;
}

/** Lines of the image from what the values of the windows took: every second one is a third and a first value both. */
function interleave(
  lowering: Lowering,
  [first, second, third]: Shares,
  { along, channels, runs, size }: Lines,
  { image, maxima, before }: Direction,
): string {
  const frame = (where: 'before' | 'after'): number[] => {
    const [rows, columns] = along === 'rows' ? [1, 0] : [0, 1];
    return where === 'before' ? [rows, columns, 0, 0] : [0, 0, rows, columns];
  };
  const one = lowering.constantVector(1, channels);
  const both = lowering.perChannel([first, one, '', lowering.framed(third, channels, frame('before'))], channels, {
    pads: frame('after'),
  });
  // Lines that no window reaches are zero.
  const isCovered = image + before <= 2 * maxima + 1;
  const parts = [both, isCovered ? second : lowering.framed(second, channels, frame('after'))];
  const counts = [maxima + 1, isCovered ? maxima : maxima + 1];
  const lines = lowering.op(
    'Concat',
    parts.map((part, i) => lowering.reshape(part, [runs, counts[i], size])),
    { axis: 1 },
  );
  const total = counts[0] + counts[1];
  return lowering.rearrange(lines, [runs, total, size], `overlapping ${[image, maxima, before].join()}`, () =>
    Array.from({ length: image }, (_, line) => {
      const place = line + before;
      if (place > 2 * maxima) return total - 1;
      return place % 2 === 0 ? place / 2 : counts[0] + (place - 1) / 2;
    }),
  );
}
