import { floatOf, intOf, intsOf, stringOf } from '../onnx/attributes.ts';
import type { GraphBuilder } from '../onnx/builder.ts';
import type { Dimension, ElementType, Node } from '../onnx/graph.ts';
import type { NodeView } from './node-view.ts';

/** One node on the way back: its inputs and outputs, the gradients that arrived, and the builder for the new nodes. */
export class BackwardStep implements NodeView {
  readonly b: GraphBuilder;
  readonly node: Node;
  /** Gradient by each output; undefined where none arrives. */
  readonly gradients: readonly (string | undefined)[];
  readonly info: NodeView['info'];
  readonly numbers: NodeView['numbers'];
  readonly masksAtMaximum: boolean;
  readonly #wanted: ReadonlySet<number>;

  constructor(
    b: GraphBuilder,
    view: NodeView,
    gradients: readonly (string | undefined)[],
    wanted: ReadonlySet<number>,
  ) {
    this.b = b;
    this.node = view.node;
    this.gradients = gradients;
    this.info = view.info;
    this.numbers = view.numbers;
    this.masksAtMaximum = view.masksAtMaximum;
    this.#wanted = wanted;
  }

  /** Gradient by the first output. */
  get g(): string {
    const g = this.gradients[0];
    if (g === undefined) throw new Error(`internal: no gradient arrives at ${this.node.opType} '${this.node.name}'`);
    return g;
  }

  get x(): string {
    return this.node.inputs[0];
  }

  get y(): string {
    return this.node.outputs[0];
  }

  /** Whether the gradient by the input at this position is asked for. */
  wants(position: number): boolean {
    return this.#wanted.has(position);
  }

  /** `[position] => gradient` for every wanted input of a node whose inputs are treated alike. */
  each(gradient: (position: number, input: string) => string): (string | undefined)[] {
    return this.node.inputs.map((input, position) => (this.wants(position) ? gradient(position, input) : undefined));
  }

  /** Known dimensions of a value. */
  shape(value: string): readonly Dimension[] | undefined {
    return this.info(value)?.shape;
  }

  /** Dimensions of a value whose rank the rule relies on. */
  dims(value: string): readonly Dimension[] {
    const shape = this.shape(value);
    if (shape === undefined)
      throw new Error(`internal: the rank of '${value}' is unknown at ${this.node.opType} '${this.node.name}'`);
    return shape;
  }

  rank(value: string): number {
    return this.dims(value).length;
  }

  type(value: string): ElementType {
    return this.info(value)?.type ?? 'float32';
  }

  /** An axis attribute or constant counted from the front. */
  axis(axis: number, value: string = this.x): number {
    return axis < 0 ? axis + this.rank(value) : axis;
  }

  int(name: string, otherwise: number): number {
    return intOf(this.node, name, otherwise);
  }

  float(name: string, otherwise: number): number {
    return floatOf(this.node, name, otherwise);
  }

  string(name: string, otherwise: string): string {
    return stringOf(this.node, name, otherwise);
  }

  ints(name: string): readonly number[] | undefined {
    return intsOf(this.node, name);
  }

  /** A constant of the element type that the node computes in. */
  number(value: number | readonly number[], dims?: readonly number[]): string {
    const constant = this.b.constant(value, dims);
    const type = this.type(this.x);
    return type === 'float32' ? constant : this.b.op('CastLike', [constant, this.x]);
  }

  mul(a: string, c: string): string {
    return this.b.op('Mul', [a, c]);
  }

  /** Product with a number; the number 1 is left out. */
  scale(a: string, factor: number): string {
    return factor === 1 ? a : this.b.op('Mul', [a, this.number(factor)]);
  }

  add(a: string, c: string): string {
    return this.b.op('Add', [a, c]);
  }

  sub(a: string, c: string): string {
    return this.b.op('Sub', [a, c]);
  }

  div(a: string, c: string): string {
    return this.b.op('Div', [a, c]);
  }

  neg(a: string): string {
    return this.b.op('Neg', [a]);
  }

  /** Sum over constant axes. */
  sum(a: string, axes: readonly number[], keep = true): string {
    return axes.length === 0 ? a : this.b.op('ReduceSum', [a, this.b.ints(axes)], { keepdims: keep ? 1 : 0 });
  }

  /** Mean over constant axes, which stay as ones. */
  mean(a: string, axes: readonly number[]): string {
    return axes.length === 0 ? a : this.b.op('ReduceMean', [a, this.b.ints(axes)], { keepdims: 1 });
  }
}
