import { misuse } from '../../errors/error.ts';
import { describeNode } from '../attributes.ts';
import type { GraphBuilder } from '../builder.ts';
import { codeOf } from '../element-type.ts';
import {
  WORKING_OPSET,
  type Attribute,
  type Dimension,
  type ElementType,
  type Node,
  type TensorValue,
} from '../graph.ts';
import { valuesOf } from '../expansions/expand.ts';
import { Expanding, NotExpandable, type Expansion } from '../expansions/expansion.ts';
import type { Rewriter, Written } from '../rewriting/rewriter.ts';
import type { SourceGraph } from '../rewriting/source-graph.ts';
import { tensorFrom } from '../tensor.ts';

/**
 * Writes a node of an older (or newer) opset as nodes of the working opset with the same meaning. @returns values for
 * its outputs, or nothing where these were written under their own names
 */
export type UpgradeRule = (step: UpgradeStep) => Written | void;

/** One node on its way into the working opset. */
export class UpgradeStep {
  readonly node: Node;
  /** The opset that the node is written in. */
  readonly opset: number;
  readonly builder: GraphBuilder;
  readonly #source: SourceGraph;

  constructor(node: Node, opset: number, { b, source }: Rewriter) {
    this.node = node;
    this.opset = opset;
    this.builder = b;
    this.#source = source;
  }

  /** The shape of an input as far as known. */
  shape(input: number): readonly Dimension[] | undefined {
    return this.#source.info(this.node.inputs[input])?.shape;
  }

  /** The element type of an input; float32 where it is unknown, as in nearly every model. */
  type(input: number): ElementType {
    return this.#source.info(this.node.inputs[input])?.type ?? 'float32';
  }

  /** The value of an input that is a constant. */
  constant(input: number): TensorValue | undefined {
    return this.#source.constant(this.node.inputs[input]);
  }

  /** Puts the node in with these inputs after its first one, without these attributes. */
  withInputs(inputs: readonly string[], dropped: readonly string[] = []): void {
    const trimmed = [this.node.inputs[0], ...inputs];
    while (trimmed.at(-1) === '') trimmed.pop();
    this.builder.add({ ...this.node, inputs: trimmed, attributes: this.attributesWithout(dropped) });
  }

  /** Puts the node in with some attributes changed; undefined removes one. */
  withAttributes(changes: Readonly<Record<string, Attribute | undefined>>): void {
    const attributes = this.attributesWithout(Object.keys(changes));
    for (const [name, value] of Object.entries(changes)) if (value !== undefined) attributes.set(name, value);
    this.builder.add({ ...this.node, attributes });
  }

  attributesWithout(dropped: readonly string[]): Map<string, Attribute> {
    return new Map([...this.node.attributes].filter(([name]) => !dropped.includes(name)));
  }

  /** A scalar of the type of the first input. */
  scalar(value: number): string {
    const type = this.type(0);
    if (type === 'float16' || type === 'bfloat16')
      return this.builder.op('Cast', [this.builder.constant(value)], { to: codeOf(type) });
    return type === 'float32'
      ? this.builder.constant(value)
      : this.builder.initializer('scalar', tensorFrom(type, [value], []));
  }

  /** Puts the node in as operators of the working opset. */
  expand(expansion: Expansion): Written {
    try {
      return valuesOf(new Expanding(this.builder, this.node, (value) => this.#source.info(value)), expansion);
    } catch (error) {
      if (!(error instanceof NotExpandable)) throw error;
      throw this.refuse(error.message, `Export the model with opset ${WORKING_OPSET}.`);
    }
  }

  refuse(problem: string, advice: string): Error {
    return misuse({
      code: 'cannot-upgrade',
      subject: describeNode(this.node),
      problem: `it cannot be brought from opset ${this.opset} to ${WORKING_OPSET}: ${problem}.`,
      advice,
    });
  }
}
