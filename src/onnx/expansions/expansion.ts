import { floatOf, intOf, intsOf, stringOf } from '../attributes.ts';
import type { GraphBuilder } from '../builder.ts';
import type { Dimension, ElementType, Node, ValueInfo } from '../graph.ts';

/**
 * Writes one node with operators of the working opset. @returns values for its outputs; undefined for those it does not
 * make
 */
export type Expansion = (at: Expanding) => readonly (string | undefined)[];

/** Why a node cannot be written with operators of the working opset. */
export class NotExpandable extends Error {}

/** A node on its way to be written anew, with what is known of its inputs and the builder for the new nodes. */
export class Expanding {
  readonly b: GraphBuilder;
  readonly node: Node;
  readonly #info: (value: string) => ValueInfo | undefined;

  constructor(b: GraphBuilder, node: Node, info: (value: string) => ValueInfo | undefined) {
    this.b = b;
    this.node = node;
    this.#info = info;
  }

  /** An input that may be left out. */
  optional(position: number): string | undefined {
    return this.node.inputs[position] || undefined;
  }

  input(position: number): string {
    const name = this.optional(position);
    if (name === undefined) throw new NotExpandable(`its input ${position} is missing`);
    return name;
  }

  /** Refuses a node that uses this input or output, which the expansion does not cover. */
  refuseInputs(...positions: readonly { readonly at: number; readonly name: string }[]): void {
    for (const { at, name } of positions)
      if (this.optional(at) !== undefined) throw new NotExpandable(`its input ${name} is not covered`);
  }

  shape(position: number): readonly Dimension[] | undefined {
    return this.#info(this.node.inputs[position] ?? '')?.shape;
  }

  /** The rank of an input, which the expansion relies on. */
  rank(position: number): number {
    const rank = this.shape(position)?.length;
    if (rank === undefined) throw new NotExpandable(`the rank of its input ${position} is unknown`);
    return rank;
  }

  type(position: number): ElementType {
    return this.#info(this.node.inputs[position] ?? '')?.type ?? 'float32';
  }

  int(name: string, otherwise: number): number {
    return intOf(this.node, name, otherwise);
  }

  ints(name: string): readonly number[] | undefined {
    return intsOf(this.node, name);
  }

  float(name: string, otherwise: number): number {
    return floatOf(this.node, name, otherwise);
  }

  string(name: string, otherwise: string): string {
    return stringOf(this.node, name, otherwise);
  }

  /** A scalar of the element type of the first input. */
  number(value: number): string {
    const constant = this.b.constant(value);
    return this.type(0) === 'float32' ? constant : this.b.op('CastLike', [constant, this.input(0)]);
  }

  add(left: string, right: string | undefined): string {
    return right === undefined ? left : this.b.op('Add', [left, right]);
  }

  mul(left: string, right: string): string {
    return this.b.op('Mul', [left, right]);
  }

  scale(value: string, factor: number): string {
    return factor === 1 ? value : this.mul(value, this.number(factor));
  }

  /** x · sigmoid(αx). */
  swish(x: string, alpha: number): string {
    return this.mul(x, this.b.op('Sigmoid', [this.scale(x, alpha)]));
  }
}
