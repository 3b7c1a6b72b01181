import { isFloat } from '../onnx/element-type.ts';
import type { Graph, Node, ValueInfo } from '../onnx/graph.ts';
import { inferAll } from '../onnx/infer.ts';
import type { Inference } from '../onnx/infer.ts';
import type { NodeView } from './node-view.ts';
import { findPooledRelus } from './pooled-relus.ts';

/** What is known about a graph before it runs: types, shapes, small constants. */
export class Knowledge {
  readonly #inference: Inference;
  readonly #refused: ReadonlyMap<Node, string>;
  readonly #pooledRelus: ReadonlySet<Node>;

  /**
   * @param refused why operators of other domains could not be written with standard ones
   * @param kept values whose own gradients are asked for
   */
  constructor(graph: Graph, refused: ReadonlyMap<Node, string> = new Map(), kept: readonly string[] = []) {
    this.#inference = inferAll(graph);
    this.#refused = refused;
    this.#pooledRelus = findPooledRelus(graph, kept);
  }

  /** Why a node could not be written with standard operators; undefined where nothing tried. */
  refusal(node: Node): string | undefined {
    return this.#refused.get(node);
  }

  info(value: string): ValueInfo | undefined {
    return this.#inference.infos.get(value);
  }

  /** A value of unknown type counts as floating-point. */
  isFloat(value: string): boolean {
    const type = this.info(value)?.type;
    return type === undefined || isFloat(type);
  }

  /** The knowledge as one node's rule sees it. */
  at(node: Node): NodeView {
    return {
      node,
      info: (value) => this.info(value),
      numbers: (value) => {
        const elements = this.#inference.partials.get(value)?.elements;
        return elements?.every((element) => typeof element === 'number') === true ? elements : undefined;
      },
      masksAtMaximum: this.#pooledRelus.has(node),
    };
  }
}
