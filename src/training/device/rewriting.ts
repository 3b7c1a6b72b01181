import { GraphBuilder, type AttributeInput } from '../../onnx/builder.ts';
import type { Attribute, Graph, Node, TensorValue, ValueInfo } from '../../onnx/graph.ts';
import { inferShapes } from '../../onnx/infer.ts';
import { pruneGraph } from '../../onnx/prune.ts';
import { numbersOf } from '../../onnx/tensor.ts';

/** How a node is written otherwise: one value for each of its outputs, or undefined where the rule does not apply. */
export type RewritingRule = (node: Node, r: Rewriting) => readonly string[] | undefined;

/**
 * A pass over a graph of static shapes that writes some of its nodes in another form. Equal operators on equal inputs
 * are written once, so that what two rules compute alike is computed once.
 */
export class Rewriting {
  readonly #graph: Graph;
  readonly #b: GraphBuilder;
  readonly #infos: ReadonlyMap<string, ValueInfo>;
  readonly #producers = new Map<string, Node>();
  /** What stands for a value of the graph in the new one, where that bears another name. */
  readonly #replaced = new Map<string, string>();
  readonly #memo = new Map<string, readonly string[]>();

  private constructor(graph: Graph) {
    this.#graph = graph;
    this.#b = GraphBuilder.rewriting(graph);
    this.#infos = inferShapes(graph);
    for (const node of graph.nodes) for (const name of node.outputs) this.#producers.set(name, node);
  }

  /** @param rules by operator, of ONNX's own domain */
  static apply(graph: Graph, rules: ReadonlyMap<string, RewritingRule>): Graph {
    const r = new Rewriting(graph);
    for (const node of graph.nodes) r.#write(node, node.domain === '' ? rules.get(node.opType) : undefined);
    for (const { name } of graph.outputs) {
      const stand = r.value(name);
      if (stand !== name)
        r.#b.add({
          name: r.#b.unused(`${name}:node`),
          opType: 'Identity',
          domain: '',
          inputs: [stand],
          outputs: [name],
          attributes: new Map(),
        });
    }
    return pruneGraph(r.#b.build());
  }

  #write(node: Node, rule: RewritingRule | undefined): void {
    const values = rule?.(node, this) ?? this.#copy(node);
    node.outputs.forEach((name, i) => {
      if (values[i] !== name) this.#replaced.set(name, values[i]);
    });
  }

  /** The node as it is on what stands for its inputs, unless the same one is there already. */
  #copy(node: Node): readonly string[] {
    const inputs = node.inputs.map((name) => this.value(name));
    const key = keyOf(node.opType, node.domain, inputs, node.attributes);
    const known = this.#memo.get(key);
    if (known !== undefined && known.length >= node.outputs.length) return known;
    this.#b.add({ ...node, inputs });
    this.#memo.set(key, node.outputs);
    return node.outputs;
  }

  /** What stands for a value of the graph. */
  value(name: string): string {
    return this.#replaced.get(name) ?? name;
  }

  /** The node of the graph that makes a value. */
  producer(name: string): Node | undefined {
    return this.#producers.get(name);
  }

  /** The first node of the graph for which `matches` holds. */
  find(matches: (node: Node) => boolean): Node | undefined {
    return this.#graph.nodes.find(matches);
  }

  /** Static shape of a value of the graph, or undefined. */
  shape(name: string): readonly number[] | undefined {
    const shape = this.#infos.get(name)?.shape;
    return shape?.every((d) => typeof d === 'number') ? (shape as readonly number[]) : undefined;
  }

  constant(name: string): TensorValue | undefined {
    return this.#graph.initializers.get(name);
  }

  /** The numbers of a constant, or undefined. */
  numbers(name: string): readonly number[] | undefined {
    const constant = this.constant(name);
    return constant === undefined || constant.type === 'string' ? undefined : numbersOf(constant);
  }

  ints(values: readonly number[]): string {
    return this.#b.ints(values);
  }

  number(value: number): string {
    return this.#b.constant(value);
  }

  op(opType: string, inputs: readonly string[], attributes: Record<string, AttributeInput> = {}, domain = ''): string {
    const key = keyOf(opType, domain, inputs, new Map(Object.entries(attributes)));
    const known = this.#memo.get(key);
    if (known !== undefined) return known[0];
    const name = this.#b.op(opType, inputs, attributes, domain);
    this.#memo.set(key, [name]);
    return name;
  }

  reshape(value: string, dims: readonly number[]): string {
    return this.op('Reshape', [value, this.ints(dims)]);
  }
}

function keyOf(
  opType: string,
  domain: string,
  inputs: readonly string[],
  attributes: ReadonlyMap<string, Attribute | AttributeInput>,
): string {
  const plain = [...attributes].map(([name, value]) => [
    name,
    typeof value === 'object' && 'kind' in value ? value.value : value,
  ]);
  return JSON.stringify([opType, domain, inputs, plain.sort(([a], [b]) => (a as string).localeCompare(b as string))]);
}
