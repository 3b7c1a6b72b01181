import type { Attribute, ElementType, Graph, Node, TensorValue, ValueInfo } from './graph.ts';

/**
 * Attribute values as one writes them: a whole number is an int, `float(x)` a float, an array of whole numbers ints.
 */
export type AttributeInput = number | string | readonly number[] | readonly string[] | TensorValue | Attribute;

/** Attributes as one writes them, or as a node holds them. */
export type AttributesInput = Readonly<Record<string, AttributeInput>> | ReadonlyMap<string, Attribute>;

/** An operator that is to be added, with names for its outputs. */
type NamedOperator = readonly [
  opType: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes?: AttributesInput,
  domain?: string,
];

/** A float attribute, whole or not. */
export function float(value: number): Attribute {
  return { kind: 'float', value };
}

/** A list of float attributes, whole or not. */
export function floats(value: readonly number[]): Attribute {
  return { kind: 'floats', value };
}

/**
 * Builds a graph node by node. Values are named by strings; each call returns the name of what it made.
 *
 * ```ts
 * const b = new GraphBuilder('net');
 * const x = b.input('x', 'float32', ['batch', 3, 32, 32]);
 * b.output(b.op('Relu', [x]), 'float32', ['batch', 3, 32, 32]);
 * const graph = b.build();
 * ```
 */
export class GraphBuilder {
  readonly name: string;
  readonly #inputs: ValueInfo[] = [];
  readonly #outputs: ValueInfo[] = [];
  readonly #initializers = new Map<string, TensorValue>();
  readonly #nodes: Node[] = [];
  readonly #valueInfo = new Map<string, ValueInfo>();
  readonly #taken = new Set<string>();
  readonly #nodeNames = new Set<string>();
  readonly #constants = new Map<string, string>();
  #prefix = '';
  #count = 0;

  /** @param prefix of new names: those of an inner graph must not be found in the graphs around it */
  constructor(name: string, prefix = '') {
    this.name = name;
    this.#prefix = prefix;
  }

  /** A builder that goes on from an existing graph: same inputs, initializers, nodes; outputs too. */
  static from(graph: Graph): GraphBuilder {
    const builder = new GraphBuilder(graph.name);
    for (const info of graph.inputs) builder.#inputs.push(info);
    for (const info of graph.outputs) builder.#outputs.push(info);
    for (const [name, value] of graph.initializers) builder.#initializers.set(name, value);
    for (const node of graph.nodes) builder.#nodes.push(node);
    for (const [name, info] of graph.valueInfo) builder.#valueInfo.set(name, info);
    for (const info of graph.inputs) builder.#taken.add(info.name);
    for (const name of graph.initializers.keys()) builder.#taken.add(name);
    for (const node of graph.nodes) {
      builder.#nodeNames.add(node.name);
      for (const name of node.outputs) builder.#taken.add(name);
    }
    return builder;
  }

  /**
   * A builder with everything of a graph but its nodes, whose names stay taken: for putting them in anew with `add`.
   * @param prefix of new names: those of an inner graph must not be found in the graphs around it
   */
  static rewriting(graph: Graph, prefix = ''): GraphBuilder {
    const builder = GraphBuilder.from(graph);
    builder.#nodes.length = 0;
    builder.#prefix = prefix;
    return builder;
  }

  /** A name that nothing in the graph bears yet; the next call may return it again. */
  unused(hint: string): string {
    return this.#unusedIn(this.#taken, hint);
  }

  /** A name that nothing in the graph bears yet, reserved. */
  fresh(hint: string): string {
    return this.#freshIn(this.#taken, hint);
  }

  #freshIn(taken: Set<string>, hint: string): string {
    const name = this.#unusedIn(taken, hint);
    taken.add(name);
    return name;
  }

  #unusedIn(taken: ReadonlySet<string>, hint: string): string {
    let name = this.#prefix + hint;
    while (name === '' || taken.has(name)) name = `${this.#prefix}${hint}_${this.#count++}`;
    return name;
  }

  input(name: string, type: ElementType, shape: ValueInfo['shape']): string {
    if (this.#taken.has(name)) throw new Error(`internal: the value '${name}' exists already`);
    this.#taken.add(name);
    this.#inputs.push({ name, type, shape });
    return name;
  }

  /** Declares an existing value an output of the graph, under its own name. */
  output(value: string, type: ElementType, shape?: ValueInfo['shape']): string {
    this.#outputs.push({ name: value, type, shape });
    return value;
  }

  /** Declares an existing value an output under another name. */
  outputAs(name: string, value: string, type: ElementType, shape?: ValueInfo['shape']): string {
    this.node('Identity', [value], [name]);
    return this.output(name, type, shape);
  }

  initializer(hint: string, value: TensorValue): string {
    const name = this.fresh(hint);
    this.#initializers.set(name, value);
    return name;
  }

  /** Gives an initializer another value. */
  setInitializer(name: string, value: TensorValue): void {
    if (!this.#initializers.has(name)) throw new Error(`internal: no initializer is named '${name}'`);
    this.#initializers.set(name, value);
  }

  /** A float32 constant; equal small ones are shared. Default shape: a scalar for one value, else one dimension. */
  constant(values: number | readonly number[], dims?: readonly number[]): string {
    const list = typeof values === 'number' ? [values] : values;
    const shape = dims ?? (typeof values === 'number' ? [] : [list.length]);
    return this.#shared('float32', list, shape, () => Float32Array.from(list));
  }

  /** An int64 constant, as shapes, axes and pads are. */
  ints(values: number | readonly number[], dims?: readonly number[]): string {
    const list = typeof values === 'number' ? [values] : values;
    const shape = dims ?? (typeof values === 'number' ? [] : [list.length]);
    return this.#shared('int64', list, shape, () => BigInt64Array.from(list.map((v) => BigInt(v))));
  }

  #shared(
    type: ElementType,
    list: readonly number[],
    dims: readonly number[],
    data: () => TensorValue['data'],
  ): string {
    const key =
      list.length <= 16
        ? `${type}|${dims.join()}|${list.map((v) => (Object.is(v, -0) ? '-0' : String(v))).join()}`
        : '';
    const known = this.#constants.get(key);
    if (key !== '' && known !== undefined) return known;
    const name = this.initializer(type === 'int64' ? 'ints' : 'constant', { type, dims, data: data() });
    if (key !== '') this.#constants.set(key, name);
    return name;
  }

  /** Adds a node as it is; in a builder of `rewriting`, one that bears names of the graph. */
  add(node: Node): void {
    for (const name of node.outputs) this.#taken.add(name);
    this.#nodeNames.add(node.name);
    this.#nodes.push(node);
  }

  /** Adds an operator with one output and returns that output's name. */
  op(opType: string, inputs: readonly string[], attributes: AttributesInput = {}, domain = ''): string {
    return this.ops(opType, inputs, 1, attributes, domain)[0];
  }

  /** Adds an operator with several outputs and returns their names. */
  ops(
    opType: string,
    inputs: readonly string[],
    outputs: number,
    attributes: AttributesInput = {},
    domain = '',
  ): string[] {
    const names = Array.from({ length: outputs }, (_, i) =>
      this.fresh(`${opType}_${this.#count++}${outputs > 1 ? `_${i}` : ''}`),
    );
    this.#push(opType, inputs, names, attributes, domain);
    return names;
  }

  /** Adds an operator whose outputs bear the given names. */
  node(...parts: NamedOperator): void {
    const [, , outputs] = parts;
    for (const name of outputs) {
      if (name === '') continue;
      if (this.#taken.has(name)) throw new Error(`internal: the value '${name}' exists already`);
      this.#taken.add(name);
    }
    this.renew(...parts);
  }

  /** As `node`, in a builder of `rewriting`: the outputs bear names of the graph. */
  renew(...[opType, inputs, outputs, attributes = {}, domain = '']: NamedOperator): void {
    for (const name of outputs) this.#taken.add(name);
    this.#push(opType, inputs, outputs, attributes, domain);
  }

  #push(
    opType: string,
    inputs: readonly string[],
    outputs: readonly string[],
    attributes: AttributesInput,
    domain: string,
  ): void {
    this.#nodes.push({
      name: this.#freshIn(this.#nodeNames, `${opType}_node`),
      opType,
      domain,
      inputs,
      outputs,
      attributes: attributesFrom(attributes),
    });
  }

  build(): Graph {
    return {
      name: this.name,
      inputs: [...this.#inputs],
      outputs: [...this.#outputs],
      initializers: new Map(this.#initializers),
      nodes: [...this.#nodes],
      valueInfo: new Map(this.#valueInfo),
    };
  }
}

/** Attributes as nodes hold them. */
export function attributesFrom(attributes: AttributesInput): ReadonlyMap<string, Attribute> {
  if (attributes instanceof Map) return attributes as ReadonlyMap<string, Attribute>;
  return new Map(Object.entries(attributes).map(([key, value]) => [key, toAttribute(value)]));
}

function toAttribute(value: AttributeInput): Attribute {
  if (typeof value === 'number') {
    return Number.isInteger(value) ? { kind: 'int', value } : { kind: 'float', value };
  }
  if (typeof value === 'string') return { kind: 'string', value };
  if (Array.isArray(value)) {
    const list = value as readonly (number | string)[];
    if (list.every((v) => typeof v === 'string')) return { kind: 'strings', value: list };
    const numbers = list as readonly number[];
    return { kind: numbers.every((v) => Number.isInteger(v)) ? 'ints' : 'floats', value: numbers };
  }
  const object = value as TensorValue | Attribute;
  return 'kind' in object ? object : { kind: 'tensor', value: object };
}
