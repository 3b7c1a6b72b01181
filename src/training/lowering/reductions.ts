import { intOf } from '../../onnx/attributes.ts';
import type { Node } from '../../onnx/graph.ts';
import type { Lowering, LoweringRule, Sum, Term } from './lowering.ts';

/** [N, C, H, W] */
export type Dims = readonly [number, number, number, number];

/** Mean of a blocked tensor, without its scale, over everything but the channels: [C]. */
function mean(lowering: Lowering, { tensor, means }: Term, [n, c]: Dims): string {
  // A blocked [N, C, 1, 1] is a plain one.
  const each = lowering.reshape(lowering.nchwc('GlobalAveragePool', [means?.tensor ?? tensor]), [n, c]);
  const average = lowering.op('ReduceMean', [each, lowering.b.ints([0])], { keepdims: 0 });
  return means === undefined ? average : lowering.op('Mul', [average, lowering.b.constant(means.share)]);
}

/**
 * Mean of the product of two blocked tensors over everything but the channels, [C]: a depthwise convolution of one with
 * the other as filter, every image's channels side by side.
 */
export function meanOfProduct(lowering: Lowering, left: string, right: string, [n, c, h, w]: Dims): string {
  const [a, f] = left < right ? [left, right] : [right, left];
  const sums = lowering.nchwc('Conv', [lowering.reshape(a, [1, n * c, h, w]), lowering.reshape(f, [n * c, 1, h, w])], {
    group: n * c,
    kernel_shape: [h, w],
    strides: [1, 1],
    dilations: [1, 1],
    pads: [0, 0, 0, 0],
  });
  const total = lowering.op('ReduceSum', [lowering.reshape(sums, [n, c]), lowering.b.ints([0])], { keepdims: 0 });
  return lowering.op('Mul', [total, lowering.b.constant(1 / (n * h * w))]);
}

export function meanOfForm(lowering: Lowering, form: Sum, shape: Dims): string {
  const parts = form.terms.map((term) => times(lowering, mean(lowering, term, shape), term.scale));
  return [...parts, ...(form.bias === undefined ? [] : [form.bias])].reduce((a, c) => lowering.op('Add', [a, c]));
}

export function times(lowering: Lowering, vector: string, scale: string | undefined): string {
  return scale === undefined ? vector : lowering.op('Mul', [vector, scale]);
}

/** A tensor with a scale in front; forms of several terms or with a bias are made into one. */
export function single(lowering: Lowering, value: string): Term {
  const form = lowering.sum(value);
  return form.terms.length === 1 && form.bias === undefined
    ? form.terms[0]
    : { tensor: lowering.materialise(form, value) };
}

/** The product that a value is, where both factors are images and nothing but sums asks for the product itself. */
function factors(lowering: Lowering, value: string): readonly [string, string] | undefined {
  const node = lowering.source.maker(value);
  if (
    node?.opType !== 'Mul' ||
    !lowering.source.readers(value).every(({ opType }) => opType === 'ReduceSum' || opType === 'ReduceMean')
  )
    return undefined;
  const [a, c] = node.inputs;
  const shape = lowering.source.shape(value)?.join();
  return lowering.source.shape(a)?.join() === shape && lowering.source.shape(c)?.join() === shape ? [a, c] : undefined;
}

function overAllButChannels(node: Node, lowering: Lowering): boolean {
  const [x, axes] = node.inputs;
  return (
    lowering.isBlocked(x) &&
    lowering.imageShape(x) !== undefined &&
    axes !== undefined &&
    lowering.source.numbers(axes)?.join() === '0,2,3'
  );
}

function reduction(total: boolean): LoweringRule {
  return {
    applies: overAllButChannels,
    blocks: () => false,
    write(node, lowering) {
      const [x] = node.inputs;
      const shape = lowering.imageShape(x) as Dims;
      const [n, channels, h, w] = shape;
      const pair = factors(lowering, x);
      let result: string;
      if (pair === undefined) result = meanOfForm(lowering, lowering.sum(x), shape);
      else {
        const [a, c] = pair.map((value) => single(lowering, value));
        result = times(lowering, times(lowering, meanOfProduct(lowering, a.tensor, c.tensor, shape), a.scale), c.scale);
      }
      if (total) result = lowering.op('Mul', [result, lowering.b.constant(n * h * w)]);
      const dims = intOf(node, 'keepdims', 1) === 1 ? [1, channels, 1, 1] : [channels];
      lowering.setForm(node.outputs[0], { vector: result, dims });
    },
  };
}

export const REDUCTIONS: Readonly<Record<string, LoweringRule>> = {
  ReduceSum: reduction(true),
  ReduceMean: reduction(false),
};
