import {
  frameOf,
  inRows,
  isPlain,
  readWeightGradient,
  type ConvWeightGradient,
} from '../../gradients/expansions/convolution-weights.ts';
import type { Lowering, LoweringRule } from './lowering.ts';

/*
 * The weight gradient of a convolution is itself one, with the batch as channels and the output gradient as filter.
 * Here it is written in the blocked layout.
 */

/**
 * Most bytes of the filter that a kernel should go through for one block of the batch: they are read again for every
 * few outputs.
 */
const CACHED_BYTES = 2 ** 19;
/** Fewer rows than these share too much with their neighbours. */
const LEAST_ROWS = 8;
/** Blocks of filters that ONNX Runtime's kernels take at once. */
const FILTERS_AT_ONCE = 4;

/** How many parts the output gradient's rows are cut into; each part stands as further images of the batch. */
function partsOf(lowering: Lowering, [, o, h, w]: readonly number[]): number {
  const B = lowering.block;
  const bytesOfRow = Math.min(FILTERS_AT_ONCE, o / B) * w * B * B * 4;
  let parts = 1;
  for (let count = 1; h / count >= LEAST_ROWS; count++) {
    if (h % count !== 0) continue;
    parts = count;
    if ((h / count) * bytesOfRow <= CACHED_BYTES) break;
  }
  return parts;
}

/**
 * The output gradient [N, O, h, w] as filter of a convolution over the batch.
 * @param as `channels`: [O, parts · N, h/parts, w], the parts as further images of the batch; `groups`: [parts · O, N,
 *   h/parts, w]
 */
function asFilter(lowering: Lowering, g: string, parts: number, as: 'channels' | 'groups'): string {
  const B = lowering.block;
  const shape = lowering.imageShape(g) as readonly [number, number, number, number];
  const [n, o, h, w] = shape;
  const places = (h / parts) * w;
  const gathered = lowering.rearrange(
    lowering.blocked(g),
    [1, (n * o * h * w) / B, B],
    `filter ${shape.join()} in ${parts} ${as}`,
    () => {
      const order: number[] = [];
      const take = (outputs: number, part: number): void => {
        for (let first = 0; first < n; first += B) {
          for (let place = part * places; place < (part + 1) * places; place++) {
            for (let image = first; image < first + B; image++) order.push((image * (o / B) + outputs) * h * w + place);
          }
        }
      };
      if (as === 'channels')
        for (let outputs = 0; outputs < o / B; outputs++) for (let part = 0; part < parts; part++) take(outputs, part);
      else
        for (let part = 0; part < parts; part++) for (let outputs = 0; outputs < o / B; outputs++) take(outputs, part);
      return order;
    },
  );
  return lowering.reshape(gathered, as === 'channels' ? [o, parts * n, h / parts, w] : [parts * o, n, h / parts, w]);
}

/** A blocked image and its [N, C, H, W]. */
interface Image {
  readonly tensor: string;
  readonly shape: readonly [number, number, number, number];
}

/** What of an image goes into the parts. */
interface Cut {
  readonly parts: number;
  /** Rows from the start of one part to that of the next. */
  readonly step: number;
  readonly rows: number;
  readonly columns: number;
}

/** An image as C/B images [parts · N, rows, columns · B], the first of these in blocks. */
function byChannels(lowering: Lowering, { tensor, shape }: Image, { parts, step, rows, columns }: Cut): string {
  const B = lowering.block;
  const [n, c, height, width] = shape;
  const whole = columns === width;
  const [inRow, taken] = whole ? [1, 1] : [width, columns];
  const pieces = ((n * c) / B) * height * inRow;
  const key = `image ${[...shape, parts, step, rows, columns].join()}`;
  const gathered = lowering.rearrange(tensor, [1, pieces, (n * c * height * width) / pieces], key, () => {
    const order: number[] = [];
    for (let channels = 0; channels < c / B; channels++) {
      for (let part = 0; part < parts; part++) {
        for (let image = 0; image < n; image++) {
          for (let row = part * step; row < part * step + rows; row++) {
            for (let piece = 0; piece < taken; piece++)
              order.push(((image * (c / B) + channels) * height + row) * inRow + piece);
          }
        }
      }
    }
    return order;
  });
  return lowering.nchwc('ReorderInput', [lowering.reshape(gathered, [c / B, parts * n, rows, columns * B])]);
}

/** x with zeros around; where a 1×1 convolution with stride passes over rows and columns, without these. */
function framedImage(lowering: Lowering, gradient: ConvWeightGradient, taps: number): Image {
  const { x, axes } = gradient;
  const strides = axes.map(({ stride }) => stride);
  const [n, c, height, width] = lowering.imageShape(x) as Image['shape'];
  const [top, left, bottom, right] = frameOf(gradient).map((amount) => Math.max(0, amount));
  const tensor = lowering.blocked(x);
  if (taps === 1 && strides.some((stride) => stride > 1) && top + left + bottom + right === 0) {
    const shape = [n, c, Math.ceil(height / strides[0]), Math.ceil(width / strides[1])] as const;
    return {
      tensor: lowering.nchwc('MaxPool', [tensor], {
        kernel_shape: [1, 1],
        strides,
        dilations: [1, 1],
        pads: [0, 0, 0, 0],
      }),
      shape,
    };
  }
  return {
    tensor: lowering.framed(tensor, c, [top, left, bottom, right]),
    shape: [n, c, height + top + bottom, width + left + right],
  };
}

/** From the sums [C/B, O, kh, kw · B] in blocks of outputs to the plain weights' gradient [O, C, kh, kw]. */
function asWeights(lowering: Lowering, sums: string, o: number, c: number, taps: number): string {
  const B = lowering.block;
  const count = (o * c) / (B * B);
  const key = `weights ${o},${c},${taps}`;
  let blocks = lowering.rearrange(sums, [1, count * taps, B * B], key, () =>
    Array.from({ length: count * taps }, (_, to) => {
      const [outputs, channels] = [Math.floor(to / taps / (c / B)), Math.floor(to / taps) % (c / B)];
      return (channels * (o / B) + outputs) * taps + (to % taps);
    }),
  );
  if (taps > 1)
    blocks = lowering.nchwc('ReorderInput', [lowering.reshape(blocks, [count, 1, taps, B * B])], { channels_last: 1 });
  return lowering.nchwc('ReorderOutput', [lowering.reshape(blocks, [o / B, B, 1, c * taps])], { channels: B });
}

/** Over a blocked image. */
function writeOfBlocked(lowering: Lowering, name: string, gradient: ConvWeightGradient): void {
  const dims = lowering.source.shape(name) as readonly number[];
  const [o, c, kh, kw] = dims;
  const B = lowering.block;
  const { g, axes } = gradient;
  const shape = lowering.imageShape(g) as readonly number[];
  const [, , h, w] = shape;
  const image = framedImage(lowering, gradient, kh * kw);
  const [down, across] = image.shape[2] === h && kh === 1 ? [1, 1] : axes.map(({ stride }) => stride);
  const parts = partsOf(lowering, shape);
  const rows = h / parts;
  const cut = { parts, step: rows * down, rows: (rows - 1) * down + kh, columns: (w - 1) * across + kw };
  const sums = lowering.nchwc('Conv', [byChannels(lowering, image, cut), asFilter(lowering, g, parts, 'channels')], {
    kernel_shape: [rows, w],
    dilations: [down, across * B],
    strides: [1, 1],
    pads: [0, 0, 0, 0],
    group: 1,
  });
  lowering.define(name, 'Reshape', [asWeights(lowering, sums, o, c, kh * kw), lowering.b.ints(dims)]);
}

/** Most parts of a weight gradient over an image in plain layout: its few outputs alone leave threads without work. */
const PLAIN_PARTS = 4;

/**
 * Over an image in plain layout, such as the first layer's. The rows are cut into parts here too, each with its own
 * group of filters, and the parts' sums are added up.
 */
function writeOfPlain(lowering: Lowering, name: string, gradient: ConvWeightGradient): void {
  const { x, g, axes, image: extents } = gradient;
  const [n, o, h, w] = lowering.imageShape(g) as readonly number[];
  const [kernelHeight, kernelWidth] = axes.map(({ kernel }) => kernel);
  const [down, across] = axes.map(({ stride }) => stride);
  const channels = extents[1]!;
  const [height, width] = [(h - 1) * down + kernelHeight, ((w - 1) * across + kernelWidth) * channels];
  const parts = [PLAIN_PARTS, 2, 1].find((count) => h % count === 0) as number;
  const step = (h / parts) * down;
  const rows = height - (parts - 1) * step;
  const cut = lowering.rearrange(
    inRows(lowering.b, { ...gradient, x: lowering.value(x) }),
    [1, n * height, width],
    `rows ${[n, height, width, parts, step, rows].join()}`,
    () => {
      const order: number[] = [];
      for (let part = 0; part < parts; part++) {
        for (let image = 0; image < n; image++)
          for (let row = part * step; row < part * step + rows; row++) order.push(image * height + row);
      }
      return order;
    },
  );
  const image = lowering.nchwc('ReorderInput', [lowering.reshape(cut, [1, parts * n, rows, width])]);
  const sums = lowering.nchwc('Conv', [image, asFilter(lowering, g, parts, 'groups')], {
    kernel_shape: [h / parts, w],
    dilations: [down, across * channels],
    strides: [1, 1],
    pads: [0, 0, 0, 0],
    group: parts,
  });
  const apart = lowering.nchwc('ReorderOutput', [sums], { channels: parts * o });
  const total = lowering.op(
    'ReduceSum',
    [lowering.reshape(apart, [parts, o * kernelHeight * kernelWidth * channels]), lowering.b.ints([0])],
    { keepdims: 0 },
  );
  const channelsLast = lowering.reshape(total, [o, kernelHeight, kernelWidth, channels]);
  lowering.define(name, 'Transpose', [channelsLast], { perm: [0, 3, 1, 2] });
}

export const weightGradient: LoweringRule = {
  applies(node, lowering) {
    const gradient = readWeightGradient(node);
    const { x, g } = gradient;
    const [n] = lowering.imageShape(g) ?? [];
    return (
      isPlain(gradient) &&
      lowering.isBlocked(g) &&
      n !== undefined &&
      n % lowering.block === 0 &&
      lowering.source.shape(x) !== undefined
    );
  },
  blocks: () => false,
  write(node, lowering) {
    const gradient = readWeightGradient(node);
    const write = lowering.isBlocked(gradient.x) ? writeOfBlocked : writeOfPlain;
    write(lowering, node.outputs[0], gradient);
  },
};
