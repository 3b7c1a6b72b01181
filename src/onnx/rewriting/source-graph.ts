import type { Graph, Node, TensorValue, ValueInfo } from '../graph.ts';
import { inferShapes } from '../infer.ts';
import { makersOf, readersOf } from '../links.ts';
import { valuesReadBy } from '../prune.ts';
import { numbersOf } from '../tensor.ts';

/** A graph as what rewrites it asks about it. Each kind of answer is prepared when it is first asked for. */
export class SourceGraph {
  readonly graph: Graph;
  #infos: ReadonlyMap<string, ValueInfo> | undefined;
  #readers: ReadonlyMap<string, readonly Node[]> | undefined;
  #uses: ReadonlyMap<string, number> | undefined;

  constructor(graph: Graph) {
    this.graph = graph;
  }

  /** The node that makes a value; undefined for an input, a constant, or what lies around an inner graph. */
  maker(value: string): Node | undefined {
    return makersOf(this.graph).get(value);
  }

  /** The nodes that have the value among their inputs, in order. */
  readers(value: string): readonly Node[] {
    this.#readers ??= readersOf(this.graph);
    return this.#readers.get(value) ?? [];
  }

  /** How often the value is used: by nodes, by graphs inside of them, and as an output of the graph. */
  uses(value: string): number {
    this.#uses ??= usesIn(this.graph);
    return this.#uses.get(value) ?? 0;
  }

  /** Type and shape as far as they are known. */
  info(value: string): ValueInfo | undefined {
    this.#infos ??= inferShapes(this.graph);
    return this.#infos.get(value);
  }

  /** A shape all of whose dimensions are numbers, or undefined. */
  shape(value: string): readonly number[] | undefined {
    const shape = this.info(value)?.shape;
    return shape?.every((d) => typeof d === 'number') ? (shape as readonly number[]) : undefined;
  }

  constant(value: string): TensorValue | undefined {
    return this.graph.initializers.get(value);
  }

  /** The numbers of a constant, or undefined. */
  numbers(value: string): readonly number[] | undefined {
    const constant = this.constant(value);
    return constant === undefined || constant.type === 'string' ? undefined : numbersOf(constant);
  }
}

function usesIn(graph: Graph): ReadonlyMap<string, number> {
  const uses = new Map<string, number>();
  const count = (name: string): unknown => uses.set(name, (uses.get(name) ?? 0) + 1);
  for (const node of graph.nodes) valuesReadBy(node).forEach(count);
  for (const { name } of graph.outputs) count(name);
  return uses;
}
