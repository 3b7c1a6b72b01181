import { GraphBuilder, type AttributeInput } from '../../onnx/builder.ts';
import type { Graph, Node, ValueInfo } from '../../onnx/graph.ts';
import { inferShapes } from '../../onnx/infer.ts';
import { pruneGraph } from '../../onnx/prune.ts';
import { numbersOf } from '../../onnx/tensor.ts';

/** ONNX Runtime's own operators on channels in blocks. */
export const BLOCKED_DOMAIN = 'com.microsoft.nchwc';

/**
 * An image value [N, C, H, W] as a sum over blocked tensors: Σ scale · tensor + bias, scale and bias vectors over the
 * channels (undefined: 1 and 0). Kept as a formula so that chains of scales, shifts and sums become few passes over
 * memory.
 */
export interface Form {
  readonly terms: readonly Term[];
  readonly bias?: string;
}

export interface Term {
  /** In memory [N, C/B, H, W, B], under the declared shape [N, C, H, W]. */
  readonly tensor: string;
  readonly scale?: string;
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

/** A smaller tensor whose means over rows and columns, times `share`, are those of another. */
export interface MeanSource {
  readonly tensor: string;
  readonly share: number;
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

/**
 * The state of one lowering: the graph read, the graph written, and which values stand in which layout. Nodes are
 * written when their outputs are asked for, in the layout that is asked for; conversions go in between as needed.
 */
export class Lowering {
  readonly b: GraphBuilder;
  readonly block: number;
  readonly #graph: Graph;
  readonly #rules: ReadonlyMap<string, LoweringRule>;
  readonly #infos: ReadonlyMap<string, ValueInfo>;
  readonly #producers = new Map<string, Node>();
  readonly #consumers = new Map<string, Node[]>();
  readonly #lowered = new Set<Node>();
  readonly #blockedValues = new Set<string>();
  readonly #written = new Set<Node>();
  readonly #plain = new Set<string>();
  readonly #forms = new Map<string, Form>();
  readonly #convolutions = new Map<string, Convolution>();
  readonly #vectors = new Map<string, string>();
  readonly #memo = new Map<string, string>();
  readonly #orders = new Map<string, string>();
  readonly #rearranged = new Map<string, Rearranged>();
  readonly #meanSources = new Map<string, MeanSource>();

  constructor(graph: Graph, block: number, rules: ReadonlyMap<string, LoweringRule>) {
    this.#graph = graph;
    this.block = block;
    this.#rules = rules;
    this.#infos = inferShapes(graph);
    this.b = GraphBuilder.from({ ...graph, nodes: [], outputs: [] });
    for (const { name } of graph.inputs) this.#plain.add(name);
    for (const name of graph.initializers.keys()) this.#plain.add(name);
    for (const node of graph.nodes) {
      for (const name of node.outputs) this.#producers.set(name, node);
      for (const name of node.inputs) this.#consumers.set(name, [...(this.#consumers.get(name) ?? []), node]);
    }
    for (const node of graph.nodes) {
      const rule = node.domain === '' ? rules.get(node.opType) : undefined;
      if (rule?.applies(node, this) !== true) continue;
      this.#lowered.add(node);
      if (rule.blocks(node, this)) this.#blockedValues.add(node.outputs[0]);
    }
  }

  /** How many convolutions are written in the blocked layout. */
  get convolutions(): number {
    return [...this.#lowered].filter((node) => node.opType === 'Conv').length;
  }

  /** Writes all outputs and what they need. */
  finish(): Graph {
    for (const { name, type, shape } of this.#graph.outputs) {
      this.plain(name);
      this.b.output(name, type, shape);
    }
    // What was written for a use that then took another way.
    return pruneGraph(this.b.build());
  }

  /** Static shape, or undefined. */
  shape(value: string): readonly number[] | undefined {
    const shape = this.#infos.get(value)?.shape;
    return shape?.every((d) => typeof d === 'number') ? (shape as readonly number[]) : undefined;
  }

  /** Static [N, C, H, W] of a float32 value whose channels fill whole blocks, or undefined. */
  imageShape(value: string): readonly [number, number, number, number] | undefined {
    const shape = this.shape(value);
    if (shape?.length !== 4 || shape[1] % this.block !== 0 || this.#infos.get(value)?.type !== 'float32')
      return undefined;
    return shape as readonly [number, number, number, number];
  }

  /** Whether the value will be blocked when it is written. */
  isBlocked(value: string): boolean {
    return this.#blockedValues.has(value);
  }

  producer(value: string): Node | undefined {
    return this.#producers.get(value);
  }

  consumers(value: string): readonly Node[] {
    return this.#consumers.get(value) ?? [];
  }

  /** The numbers of a constant, or undefined. */
  numbers(value: string): readonly number[] | undefined {
    const constant = this.#graph.initializers.get(value);
    return constant === undefined || constant.type === 'string' ? undefined : numbersOf(constant);
  }

  /** An operator with one output; the same one on the same inputs is written once. */
  op(opType: string, inputs: readonly string[], attributes: Record<string, AttributeInput> = {}, domain = ''): string {
    const key = JSON.stringify([opType, domain, inputs, attributes]);
    const known = this.#memo.get(key);
    if (known !== undefined) return known;
    const name = `lowered:${this.#memo.size}`;
    this.b.node(opType, inputs, [name], attributes, domain);
    this.#memo.set(key, name);
    return name;
  }

  nchwc(opType: string, inputs: readonly string[], attributes: Record<string, AttributeInput> = {}): string {
    return this.op(opType, inputs, attributes, BLOCKED_DOMAIN);
  }

  reshape(value: string, dims: readonly number[]): string {
    const reshaped = this.op('Reshape', [value, this.b.ints(dims)]);
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

  /** What the means of a tensor can be had from at less cost. */
  meanSource(tensor: string): MeanSource | undefined {
    return this.#meanSources.get(tensor);
  }

  setMeanSource(tensor: string, source: MeanSource): void {
    this.#meanSources.set(tensor, source);
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

  /** Makes sure that the value is there under its own name in its plain layout, and returns the name. */
  plain(value: string): string {
    if (value === '' || this.#plain.has(value)) return value;
    this.#write(value);
    if (!this.#plain.has(value)) {
      const [, channels] = this.imageShape(value) ?? [];
      if (channels === undefined) throw new Error(`internal: '${value}' was not written`);
      this.definePlain(value, 'ReorderOutput', [this.blocked(value)], { channels }, BLOCKED_DOMAIN);
    }
    return value;
  }

  /** The value in the blocked layout. */
  blocked(value: string): string {
    return this.materialise(this.form(value), value);
  }

  form(value: string): Form {
    const known = this.#forms.get(value);
    if (known !== undefined) return known;
    if (!this.#plain.has(value)) this.#write(value);
    const convolution = this.#convolutions.get(value);
    const tensor = (): string =>
      convolution === undefined ? this.nchwc('ReorderInput', [this.plain(value)]) : this.convolve(convolution);
    const written = this.#forms.get(value) ?? { terms: [{ tensor: tensor() }] };
    this.#forms.set(value, written);
    return written;
  }

  /** The convolution that a value is, to be taken up by the only node that needs it; undefined for other values. */
  convolution(value: string): Convolution | undefined {
    if (this.consumers(value).length !== 1 || this.#graph.outputs.some(({ name }) => name === value)) return undefined;
    if (!this.#plain.has(value)) this.#write(value);
    return this.#forms.has(value) ? undefined : this.#convolutions.get(value);
  }

  setConvolution(value: string, convolution: Convolution): void {
    this.#convolutions.set(value, convolution);
  }

  convolve({ image, weights, shape, bias = '', sum = '', attributes }: Convolution, relu = false): string {
    const inputs = [image, weights, bias, sum];
    while (inputs.at(-1) === '') inputs.pop();
    return this.nchwc('Conv', inputs, {
      ...attributes,
      kernel_shape: shape.slice(2),
      group: 1,
      ...(relu ? { activation: 'Relu' } : {}),
    });
  }

  setForm(value: string, form: Form): void {
    this.#forms.set(value, form);
  }

  /** Writes an operator whose output is the plain value of that name. */
  definePlain(
    value: string,
    opType: string,
    inputs: readonly string[],
    attributes: Record<string, AttributeInput> = {},
    domain = '',
  ): void {
    this.b.node(opType, inputs, [value], attributes, domain);
    this.#plain.add(value);
  }

  /** A vector over the channels [C] from a plain value that is a scalar or broadcasts along the channels alone. */
  vector(value: string, channels: number): string {
    // Writing the value may make its vector known.
    const plain = this.plain(value);
    const known = this.#vectors.get(value);
    if (known !== undefined) return known;
    const shape = this.shape(value) ?? [];
    const one = shape.every((d) => d === 1);
    const flat = shape.length === 1 && !one ? plain : this.reshape(plain, [one ? 1 : channels]);
    return one && channels !== 1 ? this.op('Expand', [flat, this.b.ints([channels])]) : flat;
  }

  /** A vector over the channels that holds one number. */
  constantVector(value: number, channels: number): string {
    return this.op('Expand', [this.b.constant([value]), this.b.ints([channels])]);
  }

  /** Defines a plain value that holds a vector over the channels in another shape. */
  defineVector(value: string, vector: string, dims: readonly number[]): void {
    this.definePlain(value, 'Reshape', [vector, this.b.ints(dims)]);
    this.#vectors.set(value, vector);
  }

  /**
   * A form as one blocked tensor, with ReLU on top where asked. Each scaled term is one pass, a depthwise 1×1
   * convolution that adds the sum so far; plain sums are elementwise.
   */
  materialise(form: Form, like: string, relu = false): string {
    const [, channels] = this.imageShape(like) as readonly number[];
    let { terms } = form;
    if (form.bias !== undefined && terms.every((t) => t.scale === undefined)) {
      terms = [{ ...terms[0], scale: this.constantVector(1, channels) }, ...terms.slice(1)];
    }
    const scaled = terms.filter((t) => t.scale !== undefined);
    const unscaled = terms.filter((t) => t.scale === undefined).map((t) => t.tensor);
    let sum = unscaled.length === 0 ? undefined : unscaled.reduce((a, c) => this.op('Add', [a, c]));
    scaled.forEach(({ tensor, scale }, i) => {
      const last = i === scaled.length - 1;
      const inputs = [tensor, scale as string, (last ? form.bias : undefined) ?? '', sum ?? ''];
      while (inputs.at(-1) === '') inputs.pop();
      sum = this.perChannel(inputs, channels, last && relu ? { activation: 'Relu' } : {});
    });
    if (sum === undefined) throw new Error('internal: an empty form');
    return relu && scaled.length === 0 ? this.op('Relu', [sum]) : sum;
  }

  #write(value: string): void {
    const node = this.#producers.get(value);
    if (node === undefined) throw new Error(`internal: nothing produces '${value}'`);
    if (this.#written.has(node)) return;
    this.#written.add(node);
    if (this.#lowered.has(node)) {
      (this.#rules.get(node.opType) as LoweringRule).write(node, this);
      return;
    }
    const inputs = node.inputs.map((input) => this.plain(input));
    this.b.node(node.opType, inputs, node.outputs, Object.fromEntries(node.attributes), node.domain);
    for (const output of node.outputs) this.#plain.add(output);
  }
}
