import { float } from '../builder.ts';
import { NotExpandable, type Expanding, type Expansion } from './expansion.ts';

/** One attention: softmax(cap(q · kᵀ · scale) + bias) · v for each head. Values are [N, heads, length, size]. */
interface Heads {
  readonly q: string;
  readonly k: string;
  readonly v: string;
  /** Default: 1 / √size, with the size read from q. */
  readonly scale: number | undefined;
  readonly softcap?: number;
  /** Added to the scores before softmax. */
  readonly biases: readonly string[];
}

function attend(at: Expanding, { q, k, v, scale, softcap = 0, biases }: Heads): string {
  const { b } = at;
  const scores = b.op('MatMul', [scaled(at, q, scale), b.op('Transpose', [k], { perm: [0, 1, 3, 2] })]);
  const capped = softcap === 0 ? scores : at.scale(b.op('Tanh', [b.op('Div', [scores, at.number(softcap)])]), softcap);
  const biased = biases.reduce((sum, bias) => b.op('Add', [sum, bias]), capped);
  return b.op('MatMul', [b.op('Softmax', [biased], { axis: -1 }), v]);
}

function scaled(at: Expanding, q: string, scale: number | undefined): string {
  if (scale !== undefined) return at.scale(q, scale);
  const size = at.b.op('CastLike', [at.b.op('Shape', [q], { start: 3, end: 4 }), q]);
  return at.b.op('Div', [q, at.b.op('Sqrt', [size])]);
}

/** [N, length, heads · size] → [N, heads, length, size]. */
function split(at: Expanding, value: string, heads: number): string {
  const apart = at.b.op('Reshape', [value, at.b.ints([0, 0, heads, -1])]);
  return at.b.op('Transpose', [apart], { perm: [0, 2, 1, 3] });
}

/** [N, heads, length, size] → [N, length, heads · size]. */
function join(at: Expanding, value: string): string {
  const rows = at.b.op('Transpose', [value], { perm: [0, 2, 1, 3] });
  return at.b.op('Reshape', [rows, at.b.ints([0, 0, -1])]);
}

/** Each head of [N, heads, length, size] `times` times in a row: queries share keys and values in groups. */
function repeatHeads(at: Expanding, value: string, heads: number, times: number): string {
  if (times === 1) return value;
  const { b } = at;
  const apart = b.op('Unsqueeze', [value, b.ints([2])]);
  const repeated = b.op('Concat', Array<string>(times).fill(apart), { axis: 2 });
  const length = b.op('Shape', [value], { start: 2 });
  return b.op('Reshape', [repeated, b.op('Concat', [b.ints([0, heads * times]), length], { axis: 0 })]);
}

/** [queries, keys]: 0 where key j ≤ query i, `masked` elsewhere. */
function causal(at: Expanding, q: string, k: string, masked: number): string {
  const { b } = at;
  const ramp = (value: string): string =>
    b.op('Range', [b.ints(0), b.op('Squeeze', [b.op('Shape', [value], { start: 2, end: 3 })]), b.ints(1)]);
  const later = b.op('Less', [b.op('Unsqueeze', [ramp(q), b.ints([1])]), b.op('Unsqueeze', [ramp(k), b.ints([0])])]);
  return b.op('Where', [later, at.number(masked), at.number(0)]);
}

/** Attention of ONNX, opset 23 on, without caches. */
export const attention: Expansion = (at) => {
  const { b } = at;
  at.refuseInputs({ at: 4, name: 'past_key' }, { at: 5, name: 'past_value' }, { at: 6, name: 'nonpad_kv_seqlen' });
  for (const side of ['left_window_size', 'right_window_size'])
    if (at.int(side, -1) >= 0) throw new NotExpandable(`its attribute ${side} is not covered`);
  const flat = at.rank(0) === 3;
  const headsOf = (attribute: string, position: number): number => {
    const heads = flat ? at.int(attribute, 0) : at.shape(position)?.[1];
    if (typeof heads !== 'number' || heads < 1) throw new NotExpandable(`its number of heads is unknown`);
    return heads;
  };
  const [queries, keys] = [headsOf('q_num_heads', 0), headsOf('kv_num_heads', 1)];
  if (queries % keys !== 0) throw new NotExpandable(`its ${queries} heads of queries share ${keys} of keys`);
  const heads = (position: number, count: number): string =>
    flat ? split(at, at.input(position), count) : at.input(position);
  const q = heads(0, queries);
  const [k, v] = [1, 2].map((position) => repeatHeads(at, heads(position, keys), keys, queries / keys));
  const mask = at.optional(3);
  const biases: string[] = [];
  if (mask !== undefined)
    biases.push(at.type(3) === 'bool' ? b.op('Where', [mask, at.number(0), at.number(-Infinity)]) : mask);
  if (at.int('is_causal', 0) === 1) biases.push(causal(at, q, k, -Infinity));
  const scale = at.node.attributes.has('scale') ? at.float('scale', 1) : undefined;
  const y = attend(at, { q, k, v, scale, softcap: at.float('softcap', 0), biases });
  return [flat ? join(at, y) : y];
};

/** The scale of ONNX Runtime's own operators: 0 stands for 1 / √size. */
function scaleOf(at: Expanding): number | undefined {
  const scale = at.float('scale', 0);
  return scale === 0 ? undefined : scale;
}

function headCount(at: Expanding): number {
  const heads = at.int('num_heads', 0);
  if (heads < 1) throw new NotExpandable('its number of heads is missing');
  return heads;
}

/**
 * Biases that ONNX Runtime's own operators add to the scores: a mask [N, keys] of ones and zeros, a bias, causality.
 */
function biasesOf(at: Expanding, mask: number, bias: number, q: string, k: string): string[] {
  const { b } = at;
  const filter = at.float('mask_filter_value', -10000);
  const biases: string[] = [];
  if (at.optional(mask) !== undefined) {
    if (at.rank(mask) !== 2) throw new NotExpandable('its mask is no matrix of ones and zeros');
    const kept = b.op('Unsqueeze', [b.op('CastLike', [at.input(mask), at.input(0)]), b.ints([1, 2])]);
    biases.push(at.scale(b.op('Sub', [at.number(1), kept]), filter));
  }
  if (at.optional(bias) !== undefined) biases.push(at.input(bias));
  if (at.int('unidirectional', 0) === 1) biases.push(causal(at, q, k, -Infinity));
  return biases;
}

/** com.microsoft.Attention: [q, k, v] = x · weights + bias in one product. */
export const fusedAttention: Expansion = (at) => {
  const { b } = at;
  at.refuseInputs({ at: 4, name: 'past' }, { at: 6, name: 'past_sequence_length' });
  if (at.int('do_rotary', 0) === 1) throw new NotExpandable('its attribute do_rotary is not covered');
  const heads = headCount(at);
  const width = at.shape(1)?.[1];
  const sizes = at.ints('qkv_hidden_sizes') ?? (typeof width === 'number' ? Array<number>(3).fill(width / 3) : []);
  if (sizes.length !== 3) throw new NotExpandable('the size of its weights is unknown');
  const product = at.add(b.op('MatMul', [at.input(0), at.input(1)]), at.optional(2));
  const [q, k, v] = b.ops('Split', [product, b.ints(sizes)], 3, { axis: -1 }).map((part) => split(at, part, heads));
  return [join(at, attend(at, { q, k, v, scale: scaleOf(at), biases: biasesOf(at, 3, 5, q, k) }))];
};

/** com.microsoft.MultiHeadAttention of three values [N, length, heads · size], or keys and values by heads already. */
export const multiHeadAttention: Expansion = (at) => {
  const { b } = at;
  at.refuseInputs({ at: 6, name: 'past_key' }, { at: 7, name: 'past_value' });
  if (at.rank(0) !== 3 || at.optional(1) === undefined || at.optional(2) === undefined)
    throw new NotExpandable('its queries, keys and values are packed into one');
  const heads = headCount(at);
  const parts = [at.input(0), at.input(1), at.input(2)];
  const bias = at.optional(3);
  if (bias !== undefined) {
    const sizes = [0, 1, 2].map((i) => at.shape(i)?.[2]);
    if (at.rank(1) !== 3 || !sizes.every((size) => typeof size === 'number'))
      throw new NotExpandable('the sizes that share its bias are unknown');
    b.ops('Split', [bias, b.ints(sizes)], 3, { axis: 0 }).forEach((part, i) => {
      parts[i] = b.op('Add', [parts[i], part]);
    });
  }
  const [q, k, v] = parts.map((part, i) => (at.rank(i) === 4 ? part : split(at, part, heads)));
  return [join(at, attend(at, { q, k, v, scale: scaleOf(at), biases: biasesOf(at, 4, 5, q, k) }))];
};

/** RotaryEmbedding of ONNX, opset 23 on: pairs of each head's values are turned by angles of their position. */
export const rotaryEmbedding: Expansion = (at) => [rotate(at, { cos: 1, sin: 2, positions: 3 })];

/** The same in ONNX Runtime's own domain, for positions [N, length]; heads may be told by the size of the caches. */
export const fusedRotaryEmbedding: Expansion = (at) => {
  if (at.rank(1) !== 2) throw new NotExpandable('its positions are no matrix');
  return [rotate(at, { cos: 2, sin: 3, positions: 1 })];
};

function rotate(
  at: Expanding,
  places: { readonly cos: number; readonly sin: number; readonly positions: number },
): string {
  const { b } = at;
  const flat = at.rank(0) === 3;
  const input = at.input(0);
  const size = flat ? undefined : at.shape(0)?.[3];
  const x = flat
    ? b.op('Reshape', [input, b.ints([0, 0, ...headsAndSize(at, places.cos)])])
    : b.op('Transpose', [input], { perm: [0, 2, 1, 3] });
  const positions = at.optional(places.positions);
  const [cos, sin] = [places.cos, places.sin].map((i) => {
    const cache = positions === undefined ? at.input(i) : b.op('Gather', [at.input(i), positions]);
    return b.op('Unsqueeze', [cache, b.ints([2])]);
  });
  const turnedSize = at.int('rotary_embedding_dim', 0);
  const whole = turnedSize === 0 || turnedSize === size;
  const part = (from: number, to: number): string => b.op('Slice', [x, b.ints([from]), b.ints([to]), b.ints([-1])]);
  const turned = whole ? x : part(0, turnedSize);
  const interleaved = at.int('interleaved', 0) === 1;
  const [one, two] = interleaved
    ? b
        .ops('Split', [b.op('Reshape', [turned, b.ints([0, 0, 0, -1, 2])])], 2, { axis: -1, num_outputs: 2 })
        .map((half) => b.op('Squeeze', [half, b.ints([-1])]))
    : b.ops('Split', [turned], 2, { axis: -1, num_outputs: 2 });
  const real = b.op('Sub', [at.mul(cos, one), at.mul(sin, two)]);
  const imaginary = b.op('Add', [at.mul(sin, one), at.mul(cos, two)]);
  const joined = [real, imaginary].map((value) => (interleaved ? b.op('Unsqueeze', [value, b.ints([-1])]) : value));
  const pairs = b.op('Concat', joined, { axis: -1 });
  const rotated = interleaved ? b.op('Reshape', [pairs, b.ints([0, 0, 0, -1])]) : pairs;
  const y = whole ? rotated : b.op('Concat', [rotated, part(turnedSize, 2 ** 31 - 1)], { axis: -1 });
  return flat ? b.op('Reshape', [y, b.ints([0, 0, -1])]) : b.op('Transpose', [y], { perm: [0, 2, 1, 3] });
}

/**
 * As a shape: the number of heads and −1, or, where it is left out, −1 and the size of a head, twice the width of the
 * caches.
 */
function headsAndSize(at: Expanding, cache: number): [number, number] {
  const heads = at.int('num_heads', 0);
  if (heads > 0) return [heads, -1];
  const width = at.shape(cache)?.at(-1);
  if (typeof width !== 'number') throw new NotExpandable('its number of heads is missing');
  return [-1, 2 * width];
}

/** Swish of ONNX, opset 24 on. */
export const swish: Expansion = (at) => [at.swish(at.input(0), at.float('alpha', 1))];

/** x / √(mean(x²) + ε) · scale over the axes from `axis` on, and what it was divided by. */
export const rootMeanSquare: Expansion = (at) => {
  const { b } = at;
  const x = at.input(0);
  const axis = at.int('axis', -1);
  const axes = axis < 0 ? Array.from({ length: -axis }, (_, i) => i + axis) : range(axis, at.rank(0));
  const square = b.op('ReduceMean', [at.mul(x, x), b.ints(axes)], { keepdims: 1 });
  const epsilon = at.number(at.float('epsilon', 1e-5));
  const inverse = b.op('Reciprocal', [b.op('Sqrt', [b.op('Add', [square, epsilon])])]);
  return [at.mul(at.mul(x, inverse), at.input(1)), inverse];
};

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}

/** A LayerNormalization of this value with the node's ε. */
export function layerNormalized(
  at: Expanding,
  x: string,
  scale: string,
  bias: string | undefined,
  epsilon: number,
): string {
  return at.b.op('LayerNormalization', bias === undefined ? [x, scale] : [x, scale, bias], {
    axis: -1,
    epsilon: float(at.float('epsilon', epsilon)),
  });
}
