import { graphsOf } from '../attributes.ts';
import { DRAWS } from '../chance.ts';
import { attributesFrom, GraphBuilder, type AttributesInput } from '../builder.ts';
import type { Attribute, Graph, Node } from '../graph.ts';
import { valuesTakenBy } from '../prune.ts';
import { SourceGraph } from './source-graph.ts';

/**
 * What a rule gives for each of a node's outputs: the value that stands for it, its own name where the rule wrote it
 * under that, undefined where it was defined (`define`), is held in another form or is not made. Undefined as a whole:
 * the rule wrote nothing, and the node stays as it is.
 */
export type Written = readonly (string | undefined)[] | undefined;

/** Writes a node in another way. */
export type Rule<R = Rewriter> = (node: Node, r: R) => Written;

export interface RewriterOptions {
  /** Of new names: those of an inner graph must not be found in the graphs around it. */
  readonly prefix?: string;
  /**
   * Which values keep their names. `all` (default): where another value stands for one, it is copied. `outputs`: what
   * stands for a value is read in its place, and equal nodes on equal inputs are written once.
   */
  readonly names?: 'all' | 'outputs';
}

/**
 * A pass over a graph that writes it anew. Nodes are written one by one, in order or when their values are asked for:
 * by a rule, or else as they are, on what stands for their inputs by then. A value may be held in another form F
 * (another layout, a formula) beside its plain one or in place of it: each is made from the other when it is asked for.
 *
 * The outputs of the graph and what inner graphs take from around them keep their names. What nothing reads any longer
 * stays for `pruneGraph`.
 */
export abstract class Rewriter<F = never> {
  /** The graph that is read. */
  readonly source: SourceGraph;
  /** The graph that is written. */
  readonly b: GraphBuilder;
  readonly #keepsAllNames: boolean;
  readonly #written = new Set<Node>();
  readonly #plain = new Map<string, string>();
  readonly #forms = new Map<string, F>();
  readonly #shared = new Map<string, readonly string[]>();

  constructor(graph: Graph, { prefix, names = 'all' }: RewriterOptions = {}) {
    this.source = new SourceGraph(graph);
    this.b = GraphBuilder.rewriting(graph, prefix);
    this.#keepsAllNames = names === 'all';
  }

  /** Writes a node in another way. */
  protected abstract rule(node: Node): Written;

  /** Brings a value of the graph into the other form. */
  protected enter(name: string): F {
    throw new Error(`internal: '${name}' has no other form`);
  }

  /** Brings a value of the graph out of the other form. @returns what stands for it then */
  protected leave(name: string, _form: F): string {
    throw new Error(`internal: '${name}' has no other form`);
  }

  /** The graph with every node written, in the order of the graph. */
  writeAll(): Graph {
    for (const node of this.source.graph.nodes) this.#write(node);
    return this.#finished();
  }

  /** The graph with those nodes written that the outputs ask for, when they do. */
  writeOnDemand(): Graph {
    return this.#finished();
  }

  #finished(): Graph {
    for (const { name } of this.source.graph.outputs) this.#keep(name);
    return this.b.build();
  }

  #write(node: Node): void {
    if (this.#written.has(node)) return;
    this.#written.add(node);
    const values = this.rule(node) ?? this.#copy(node);
    node.outputs.forEach((name, i) => {
      if (name !== '' && values[i] !== undefined) this.#stand(name, values[i]);
    });
  }

  /** The node as it is, on what stands for its inputs: the very same where these keep their names. */
  #copy(node: Node): readonly string[] {
    const inner = graphsOf(node);
    for (const name of inner.flatMap(valuesTakenBy)) this.#keep(name);
    const inputs = node.inputs.map((name) => this.value(name));
    const key = this.#keepsAllNames ? undefined : keyOf(node.opType, node.domain, inputs, node.attributes);
    const known = key === undefined ? undefined : this.#shared.get(key);
    if (known !== undefined && known.length >= node.outputs.length) return known;
    this.b.add(inputs.every((name, i) => name === node.inputs[i]) ? node : { ...node, inputs });
    if (key !== undefined) this.#shared.set(key, node.outputs);
    return node.outputs;
  }

  #stand(name: string, value: string): void {
    this.#plain.set(name, value);
    if (this.#keepsAllNames) this.#keep(name);
  }

  /** Makes sure that a value of the graph is there under its own name. */
  #keep(name: string): void {
    const value = this.value(name);
    if (value === name) return;
    this.define(name, 'Identity', [value]);
  }

  /** What stands for a value of the graph in the new one, in its plain form. */
  value(name: string): string {
    const known = this.#plain.get(name);
    if (known !== undefined) return known;
    const maker = this.source.maker(name);
    if (maker === undefined) return name;
    this.#write(maker);
    if (!this.#plain.has(name)) {
      const form = this.#forms.get(name);
      if (form === undefined) throw new Error(`internal: '${name}' was not written`);
      this.#stand(name, this.leave(name, form));
    }
    return this.#plain.get(name)!;
  }

  /** A value of the graph in the other form. */
  form(name: string): F {
    const form = this.knownForm(name) ?? this.enter(name);
    this.#forms.set(name, form);
    return form;
  }

  /** The same, where it has one already, or its node writes it in that. */
  knownForm(name: string): F | undefined {
    const maker = this.source.maker(name);
    if (maker !== undefined) this.#write(maker);
    return this.#forms.get(name);
  }

  /** Holds a value of the graph in the other form. */
  setForm(name: string, form: F): void {
    this.#forms.set(name, form);
  }

  /** Writes an operator whose output is the value of that name, in its plain form. */
  define(
    name: string,
    opType: string,
    inputs: readonly string[],
    attributes: AttributesInput = {},
    domain = '',
  ): string {
    this.b.renew(opType, inputs, [name], attributes, domain);
    this.#plain.set(name, name);
    return name;
  }

  /** An operator with one output; the same one on the same inputs is written once. */
  op(opType: string, inputs: readonly string[], attributes: AttributesInput = {}, domain = ''): string {
    const own = attributesFrom(attributes);
    const key = keyOf(opType, domain, inputs, own);
    const known = key === undefined ? undefined : this.#shared.get(key);
    if (known !== undefined) return known[0];
    const name = this.b.op(opType, inputs, own, domain);
    if (key !== undefined) this.#shared.set(key, [name]);
    return name;
  }

  reshape(value: string, dims: readonly number[]): string {
    return this.op('Reshape', [value, this.b.ints(dims)]);
  }
}

/** Writes every node of a graph by a rule, or as it is. */
export function rewrite(graph: Graph, rule: Rule, options?: RewriterOptions): Graph {
  return new ByRule(graph, rule, options).writeAll();
}

class ByRule extends Rewriter {
  readonly #rule: Rule;

  constructor(graph: Graph, rule: Rule, options?: RewriterOptions) {
    super(graph, options);
    this.#rule = rule;
  }

  protected rule(node: Node): Written {
    return this.#rule(node, this);
  }
}

/**
 * Names what a node computes; undefined where tensors or graphs take part, which are not compared, and where it draws
 * numbers.
 */
function keyOf(
  opType: string,
  domain: string,
  inputs: readonly string[],
  attributes: ReadonlyMap<string, Attribute>,
): string | undefined {
  if (DRAWS.has(opType) || opType === 'Dropout') return undefined;
  const parts: string[] = [];
  for (const [name, { kind, value }] of attributes) {
    if (kind === 'tensor' || kind === 'graph') return undefined;
    parts.push(`${name}=${kind}:${kind === 'strings' ? JSON.stringify(value) : String(value)}`);
  }
  if (parts.length > 1) parts.sort();
  // Each part with its length, as names may hold any letters.
  let key = `${inputs.length} `;
  for (const part of [domain, opType, ...inputs, ...parts]) key += `${part.length}:${part}`;
  return key;
}
