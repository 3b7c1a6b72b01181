import type { AttributeInput } from '../../onnx/builder.ts';
import { GRADIENT_DOMAIN, type Graph, type Node } from '../../onnx/graph.ts';
import { Rewriter, type Written } from '../../onnx/rewriting/rewriter.ts';

/** ONNX Runtime's own operators on channels in blocks. */
export const BLOCKED_DOMAIN = 'com.microsoft.nchwc';

/** How a value is held that is not there under its own name and in its plain layout. */
export type Form = Sum | Convolution | Vector;

/**
 * An image value [N, C, H, W] as a sum over blocked tensors: Σ scale · tensor + bias, scale and bias vectors over the
 * channels (undefined: 1 and 0). Kept as a formula so that chains of scales, shifts and sums become few passes over
 * memory.
 */
export interface Sum {
  readonly terms: readonly Term[];
  readonly bias?: string;
}

export interface Term {
  /** In memory [N, C/B, H, W, B], under the declared shape [N, C, H, W]. */
  readonly tensor: string;
  readonly scale?: string;
  /** What the tensor's means over rows and columns can be had from at less cost. */
  readonly means?: MeanSource;
}

/** A smaller tensor whose means over rows and columns, times `share`, are those of another. */
interface MeanSource {
  readonly tensor: string;
  readonly share: number;
}

/** A convolution that is written once it is known what follows: a norm, a sum and a ReLU may be taken into it. */
export interface Convolution {
  readonly image: string;
  /** In the order of the blocked convolution. */
  readonly weights: string;
  /** [O, I, kh, kw] */
  readonly shape: readonly number[];
  readonly bias?: string;
  /** A blocked tensor that is added. */
  readonly sum?: string;
  readonly attributes: Record<string, AttributeInput>;
  /** As many as channels where it is depthwise; default: one. */
  readonly groups?: number;
}

/** What a convolution does to its result in the same pass. */
export interface Activation {
  readonly activation: string;
  readonly activation_params?: AttributeInput;
}

export const RELU: Activation = { activation: 'Relu' };

/** A value with one number for each channel, as a vector [C]. */
interface Vector {
  readonly vector: string;
  /** Of the value itself. */
  readonly dims: readonly number[];
}

/** A tensor that consists of another's pieces in another order. */
interface Rearranged {
  readonly source: string;
  /** The source as [batches, pieces, values in a piece]. */
  readonly pieces: readonly [number, number, number];
  readonly key: string;
  /** Which piece of each batch comes at each place. */
  readonly order: () => readonly number[];
}

/** How a node is written in the blocked layout. */
export interface LoweringRule {
  /** Whether the node is written so. Called in the graph's order, so that what comes before is decided. */
  applies(node: Node, lowering: Lowering): boolean;
  /** Whether its first output is then blocked; otherwise it is a plain value. */
  blocks(node: Node, lowering: Lowering): boolean;
  /** Writes the node: sets a form for its first output, or defines plain values under the node's own names. */
  write(node: Node, lowering: Lowering): void;
}

/** Of operators that rules write. */
const DOMAINS: ReadonlySet<string> = new Set(['', GRADIENT_DOMAIN]);

/**
 * A rewriting into the blocked layout. It is settled at the start which nodes are written so; a value is then blocked,
 * and its plain layout made where that is asked for.
 */
export class Lowering extends Rewriter<Form> {
  readonly block: number;
  readonly #rules: ReadonlyMap<string, LoweringRule>;
  readonly #lowered = new Set<Node>();
  readonly #blockedValues = new Set<string>();
  readonly #orders = new Map<string, string>();
  readonly #rearranged = new Map<string, Rearranged>();

  constructor(graph: Graph, block: number, rules: ReadonlyMap<string, LoweringRule>) {
    super(graph);
    this.block = block;
    this.#rules = rules;
    for (const node of graph.nodes) {
      const rule = DOMAINS.has(node.domain) ? rules.get(node.opType) : undefined;
      if (rule?.applies(node, this) !== true) continue;
      this.#lowered.add(node);
      if (rule.blocks(node, this)) this.#blockedValues.add(node.outputs[0]);
    }
  }

  /** Whether a node of the graph is written in the blocked layout. */
  lowers(node: Node): boolean {
    return this.#lowered.has(node);
  }

  /** How many nodes of an operator are. */
  count(opType: string): number {
    return [...this.#lowered].filter((node) => node.opType === opType).length;
  }

  protected rule(node: Node): Written {
    if (!this.#lowered.has(node)) return undefined;
    this.#rules.get(node.opType)!.write(node, this);
    return [];
  }

  protected override enter(name: string): Form {
    return { terms: [{ tensor: this.nchwc('ReorderInput', [this.value(name)]) }] };
  }

  protected override leave(name: string, form: Form): string {
    if ('vector' in form) return this.define(name, 'Reshape', [form.vector, this.b.ints(form.dims)]);
    const [, channels] = this.imageShape(name)!;
    return this.define(name, 'ReorderOutput', [this.blocked(name)], { channels }, BLOCKED_DOMAIN);
  }

  /** Static [N, C, H, W] of a float32 value whose channels fill whole blocks, or undefined. */
  imageShape(value: string): readonly [number, number, number, number] | undefined {
    const shape = this.source.shape(value);
    if (shape?.length !== 4 || shape[1] % this.block !== 0 || this.source.info(value)?.type !== 'float32')
      return undefined;
    return shape as readonly [number, number, number, number];
  }

  /** Whether the value will be blocked when it is written. */
  isBlocked(value: string): boolean {
    return this.#blockedValues.has(value);
  }

  nchwc(opType: string, inputs: readonly string[], attributes: Record<string, AttributeInput> = {}): string {
    return this.op(opType, inputs, attributes, BLOCKED_DOMAIN);
  }

  override reshape(value: string, dims: readonly number[]): string {
    const reshaped = super.reshape(value, dims);
    const rearranged = this.#rearranged.get(value);
    if (rearranged !== undefined) this.#rearranged.set(reshaped, rearranged);
    return reshaped;
  }

  /**
   * Copies pieces of a tensor in another order: ONNX Runtime spreads Gather over all threads, where Transpose and Pad
   * use one. Pieces that come from another such copy are taken from where that took them.
   * @param pieces the tensor as [batches, pieces, values in a piece]
   * @param key names the order: equal keys, equal orders
   * @param order which piece of each batch comes at each place
   * @returns [batches, places, values in a piece]
   */
  rearrange(
    tensor: string,
    pieces: readonly [number, number, number],
    key: string,
    order: () => readonly number[],
  ): string {
    const before = this.#rearranged.get(tensor);
    if (before !== undefined && pieces[0] === 1 && pieces[2] === before.pieces[2]) {
      const [batches, count, size] = before.pieces;
      return this.rearrange(before.source, [1, batches * count, size], `${key} of ${before.key} by ${batches}`, () => {
        const first = before.order();
        return order().map((piece) => Math.floor(piece / first.length) * count + first[piece % first.length]);
      });
    }
    let places = this.#orders.get(key);
    if (places === undefined) {
      const data = Int32Array.from(order());
      places = this.b.initializer('order', { type: 'int32', dims: [data.length], data });
      this.#orders.set(key, places);
    }
    const result = this.op('Gather', [this.reshape(tensor, pieces), places], { axis: 1 });
    this.#rearranged.set(result, { source: tensor, pieces, key, order });
    return result;
  }

  /** A blocked tensor with zeros around: rows and columns to add at top, left, bottom, right. */
  framed(tensor: string, channels: number, frame: readonly number[]): string {
    if (frame.every((amount) => amount === 0)) return tensor;
    return this.perChannel([tensor, this.constantVector(1, channels)], channels, { pads: frame });
  }

  /** A depthwise 1×1 convolution: tensor · scale (+ bias) (+ sum), one pass over memory on all threads. */
  perChannel(inputs: readonly string[], channels: number, attributes: Record<string, AttributeInput> = {}): string {
    const [tensor, scale, ...more] = inputs;
    return this.nchwc('Conv', [tensor, this.reshape(scale, [channels, 1, 1, 1]), ...more], {
      group: channels,
      kernel_shape: [1, 1],
      strides: [1, 1],
      dilations: [1, 1],
      pads: [0, 0, 0, 0],
      ...attributes,
    });
  }

  /** The value in the blocked layout. */
  blocked(value: string): string {
    return this.materialise(this.sum(value), value);
  }

  /** The value as a sum: a convolution that nothing has taken up is written. */
  sum(value: string): Sum {
    const form = this.form(value);
    if ('terms' in form) return form;
    if ('vector' in form) throw new Error(`internal: '${value}' is no image`);
    const written = { terms: [{ tensor: this.convolve(form) }] };
    this.setForm(value, written);
    return written;
  }

  /** The convolution that a value is, to be taken up by the only node that needs it; undefined for other values. */
  convolution(value: string): Convolution | undefined {
    if (this.source.uses(value) !== 1) return undefined;
    const form = this.knownForm(value);
    return form !== undefined && 'image' in form ? form : undefined;
  }

  convolve(
    { image, weights, shape, bias = '', sum = '', attributes, groups = 1 }: Convolution,
    activation?: Activation,
  ): string {
    const inputs = [image, weights, bias, sum];
    while (inputs.at(-1) === '') inputs.pop();
    return this.nchwc('Conv', inputs, {
      ...attributes,
      kernel_shape: shape.slice(2),
      group: groups,
      ...activation,
    });
  }

  /** A vector over the channels [C] from a plain value that is a scalar or broadcasts along the channels alone. */
  vector(value: string, channels: number): string {
    const known = this.knownForm(value);
    if (known !== undefined && 'vector' in known) return known.vector;
    const plain = this.value(value);
    const shape = this.source.shape(value) ?? [];
    const one = shape.every((d) => d === 1);
    const flat = shape.length === 1 && !one ? plain : this.reshape(plain, [one ? 1 : channels]);
    return one && channels !== 1 ? this.op('Expand', [flat, this.b.ints([channels])]) : flat;
  }

  /** A vector over the channels that holds one number. */
  constantVector(value: number, channels: number): string {
    return this.op('Expand', [this.b.constant([value]), this.b.ints([channels])]);
  }

  /**
   * A sum as one blocked tensor, with ReLU on top where asked. Each scaled term is one pass, a depthwise 1×1
   * convolution that adds the sum so far; plain sums are elementwise.
   */
  materialise({ terms, bias }: Sum, like: string, relu = false): string {
    const [, channels] = this.imageShape(like)!;
    const isPlain = terms.every(({ scale }) => scale === undefined);
    const written =
      bias !== undefined && isPlain
        ? [{ ...terms[0], scale: this.constantVector(1, channels) }, ...terms.slice(1)]
        : terms;
    const scaled = written.filter(({ scale }) => scale !== undefined);
    const unscaled = written.filter(({ scale }) => scale === undefined).map(({ tensor }) => tensor);
    let total = unscaled.length === 0 ? undefined : unscaled.reduce((a, c) => this.op('Add', [a, c]));
    scaled.forEach(({ tensor, scale }, i) => {
      const last = i === scaled.length - 1;
      const inputs = [tensor, scale!, (last ? bias : undefined) ?? '', total ?? ''];
      while (inputs.at(-1) === '') inputs.pop();
      total = this.perChannel(inputs, channels, { ...(last && relu && RELU) });
    });
    if (total === undefined) throw new Error('internal: an empty sum');
    return relu && scaled.length === 0 ? this.op('Relu', [total]) : total;
  }
}
