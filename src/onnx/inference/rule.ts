import { describeNode, intsOf } from '../attributes.ts';
import { damaged, MOST_AXES } from '../bounds.ts';
import type { Dimension, ElementType, Node, ValueInfo } from '../graph.ts';

/** What is known of one output: nothing, or its type and perhaps its shape. */
export type Inferred = Pick<ValueInfo, 'type' | 'shape'> | undefined;

/** A small tensor, row-major, whose elements are known (numbers), known by a formula (strings) or unknown (null). */
export interface PartialTensor {
  readonly dims: readonly number[];
  readonly elements: readonly Dimension[];
}

/** Tells types and shapes of a node's outputs, in order. */
export type ShapeRule = (at: Operands) => Inferred[];

/** Tells the elements of a node's one output as far as they are known before any run. */
export type PartialRule = (at: Operands) => PartialTensor | undefined;

/** What is known in a graph so far. */
export interface Known {
  info(name: string): ValueInfo | undefined;
  partial(name: string): PartialTensor | undefined;
}

/** A node with what is known of its inputs. An input that is left out counts as unknown. */
export class Operands {
  readonly node: Node;
  readonly #known: Known;

  constructor(node: Node, known: Known) {
    this.node = node;
    this.#known = known;
  }

  /** Whether the input is there at all. */
  has(input: number): boolean {
    return (this.node.inputs[input] ?? '') !== '';
  }

  type(input: number): ElementType | undefined {
    return this.has(input) ? this.#known.info(this.node.inputs[input])?.type : undefined;
  }

  shape(input: number): readonly Dimension[] | undefined {
    return this.has(input) ? this.#known.info(this.node.inputs[input])?.shape : undefined;
  }

  /** Elements of the largest input, as far as they are known. */
  largest(): number {
    const counts = this.node.inputs.map((_, input) => {
      const shape = this.shape(input) ?? [];
      return shape.reduce<number>((product, dim) => product * (typeof dim === 'number' ? dim : 1), 1);
    });
    return counts.reduce((a, b) => Math.max(a, b), 0);
  }

  partial(input: number): PartialTensor | undefined {
    return this.has(input) ? this.#known.partial(this.node.inputs[input]) : undefined;
  }

  /** The elements of an input where all of them are numbers. */
  numbers(input: number): readonly number[] | undefined {
    const elements = this.partial(input)?.elements;
    return elements?.every((element) => typeof element === 'number') ? elements : undefined;
  }

  /** A list of integers that older opsets keep in an attribute and newer ones in an input. */
  ints(attribute: string, input: number): readonly number[] | undefined {
    return intsOf(this.node, attribute) ?? this.numbers(input);
  }

  /** The refusal of a node that no run could get through. */
  refuse(problem: string): Error {
    return damaged(describeNode(this.node), problem);
  }

  /** One output of the type of an input, with a shape. */
  like(input: number, shape: readonly Dimension[] | undefined): Inferred {
    const type = this.type(input);
    return type === undefined ? undefined : { type, shape };
  }
}

/** Unknown dimensions of a known rank; of one that is refused, just enough to tell. */
export function unknowns(rank: number): Dimension[] {
  return Array.from({ length: Math.min(rank, MOST_AXES + 1) }, () => null);
}
