import { frameAt } from './frame.ts';
import { intOf, stringOf } from '../../onnx/attributes.ts';
import type { Node } from '../../onnx/graph.ts';
import type { Lowering, LoweringRule } from './lowering.ts';

export function blockedImage(node: Node, lowering: Lowering): boolean {
  return (
    lowering.isBlocked(node.inputs[0]) &&
    lowering.imageShape(node.inputs[0]) !== undefined &&
    lowering.imageShape(node.outputs[0]) !== undefined
  );
}

/** From [N, C, 1, 1], or from a scalar: the same in every layout. */
const expand: LoweringRule = {
  applies(node, lowering) {
    const [from, to] = [lowering.source.shape(node.inputs[0]), lowering.imageShape(node.outputs[0])];
    return (
      from !== undefined &&
      to !== undefined &&
      (from.every((d) => d === 1) || from.join() === [to[0], to[1], 1, 1].join())
    );
  },
  blocks: () => true,
  write(node, lowering) {
    const [n, c, h, w] = lowering.imageShape(node.outputs[0]) as readonly number[];
    const B = lowering.block;
    const source = lowering.value(node.inputs[0]);
    const uniform = lowering.source.shape(node.inputs[0])?.every((d) => d === 1) === true;
    const grown = uniform
      ? lowering.op('Expand', [lowering.reshape(source, [1]), lowering.b.ints([n, c, h, w])])
      : lowering.reshape(
          lowering.op('Expand', [lowering.reshape(source, [n, c / B, 1, B]), lowering.b.ints([n, c / B, h * w, B])]),
          [n, c, h, w],
        );
    lowering.setForm(node.outputs[0], { terms: [{ tensor: grown }] });
  },
};

/** Channels after channels are blocks after blocks. */
const concat: LoweringRule = {
  applies: (node, lowering) =>
    intOf(node, 'axis', 0) === 1 &&
    lowering.imageShape(node.outputs[0]) !== undefined &&
    node.inputs.every((input) => lowering.imageShape(input) !== undefined) &&
    node.inputs.some((input) => lowering.isBlocked(input)),
  blocks: () => true,
  write: (node, lowering) =>
    lowering.setForm(node.outputs[0], {
      terms: [
        {
          tensor: lowering.op(
            'Concat',
            node.inputs.map((input) => lowering.blocked(input)),
            { axis: 1 },
          ),
        },
      ],
    }),
};

/**
 * Puts the s² phases of an image, one after the other along the channels, into one another.
 * @param shape of the result
 */
export function weave(
  lowering: Lowering,
  phases: string,
  shape: readonly [number, number, number, number],
  s: number,
): string {
  const B = lowering.block;
  const [n, c, height, width] = shape;
  const [h, w] = [height / s, width / s];
  const woven = lowering.rearrange(
    phases,
    [n, (c / B) * height * width, B],
    `weave ${[c, height, width, s].join()}`,
    () =>
      Array.from({ length: (c / B) * height * width }, (_, to) => {
        const [channels, row, column] = [
          Math.floor(to / (height * width)),
          Math.floor(to / width) % height,
          to % width,
        ];
        const phase = (row % s) * s + (column % s);
        return ((phase * (c / B) + channels) * h + Math.floor(row / s)) * w + Math.floor(column / s);
      }),
  );
  return lowering.reshape(woven, shape);
}

const depthToSpace: LoweringRule = {
  applies: (node, lowering) => (stringOf(node, 'mode') ?? 'DCR') === 'DCR' && blockedImage(node, lowering),
  blocks: () => true,
  write(node, lowering) {
    const [n, c, height, width] = lowering.imageShape(node.outputs[0]) as readonly number[];
    const s = intOf(node, 'blocksize', 1);
    const woven = weave(lowering, lowering.blocked(node.inputs[0]), [n, c, height, width], s);
    lowering.setForm(node.outputs[0], { terms: [{ tensor: woven }] });
  },
};

/**
 * Rows and columns added around a blocked tensor, or cut off: [top, left, bottom, right], negative ones are cut.
 * @param shape of the tensor
 */
export function cutOrFramed(
  lowering: Lowering,
  tensor: string,
  [n, c, h, w]: readonly [number, number, number, number],
  frame: readonly number[],
): string {
  if (frame.every((amount) => amount >= 0)) return lowering.framed(tensor, c, frame);
  const B = lowering.block;
  const [top, left, bottom, right] = frame;
  const apart = lowering.reshape(tensor, [n, c / B, h, w, B]);
  const padded = lowering.op('Pad', [apart, lowering.b.ints([0, 0, top, left, 0, 0, 0, bottom, right, 0])]);
  return lowering.reshape(padded, [n, c, top + h + bottom, left + w + right]);
}

const pad: LoweringRule = {
  applies: (node, lowering) =>
    blockedImage(node, lowering) &&
    (stringOf(node, 'mode') ?? 'constant') === 'constant' &&
    !node.inputs[2] &&
    frameAt(node, lowering, [2, 3]) !== undefined,
  blocks: () => true,
  write(node, lowering) {
    const [x] = node.inputs;
    const frame = frameAt(node, lowering, [2, 3]) as readonly number[];
    const tensor = cutOrFramed(lowering, lowering.blocked(x), lowering.imageShape(x)!, frame);
    lowering.setForm(node.outputs[0], { terms: [{ tensor }] });
  },
};

/** Declared shapes are the same in both layouts. */
const shape: LoweringRule = {
  applies: (node, lowering) => lowering.source.shape(node.inputs[0]) !== undefined && node.attributes.size === 0,
  blocks: () => false,
  write(node, lowering) {
    const dims = lowering.source.shape(node.inputs[0]) as readonly number[];
    lowering.define(node.outputs[0], 'Identity', [
      lowering.b.ints(node.opType === 'Size' ? dims.reduce((a, d) => a * d, 1) : dims),
    ]);
  },
};

export const SPATIAL: Readonly<Record<string, LoweringRule>> = {
  Expand: expand,
  Concat: concat,
  DepthToSpace: depthToSpace,
  Pad: pad,
  Shape: shape,
  Size: shape,
};
