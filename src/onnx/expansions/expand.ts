import type { Graph, Node } from '../graph.ts';
import { rewrite, type Rule } from '../rewriting/rewriter.ts';
import { Expanding, NotExpandable, type Expansion } from './expansion.ts';
import { FUSIONS } from './fusions.ts';

export interface Expanded {
  readonly graph: Graph;
  /** Why nodes of other domains were left as they are. */
  readonly refused: ReadonlyMap<Node, string>;
}

/**
 * The graph with the operators that ONNX Runtime's and transformers' optimizers fuse (`com.microsoft`) written with
 * standard ones. What one of them needs to know of shapes may become known only when another one is written out, so
 * this goes on as long as anything changes.
 */
export function expandFusions(graph: Graph): Expanded {
  const given = new Set(graph.nodes.filter((node) => fusionOf(node) !== undefined));
  let current = graph;
  for (;;) {
    const { graph: next, refused } = pass(current, given);
    if (refused.size === given.size) return { graph: current, refused };
    current = next;
    given.clear();
    for (const node of refused.keys()) given.add(node);
  }
}

/** @param given the nodes to write out: none of those that are written, as one may stand for itself on other inputs */
function pass(graph: Graph, given: ReadonlySet<Node>): Expanded {
  const refused = new Map<Node, string>();
  if (given.size === 0) return { graph, refused };
  const expand: Rule = (node, r) => {
    const expansion = given.has(node) ? fusionOf(node) : undefined;
    if (expansion === undefined) return undefined;
    try {
      return valuesOf(new Expanding(r.b, node, (value) => r.source.info(value)), expansion);
    } catch (error) {
      if (!(error instanceof NotExpandable)) throw error;
      refused.set(node, error.message);
      return undefined;
    }
  };
  return { graph: rewrite(graph, expand), refused };
}

function fusionOf({ domain, opType }: Node): Expansion | undefined {
  return FUSIONS.get(domain === '' ? opType : `${domain}.${opType}`);
}

/**
 * Writes the node's expansion. @returns a value for each of its outputs
 * @throws NotExpandable
 */
export function valuesOf(at: Expanding, expansion: Expansion): readonly (string | undefined)[] {
  const values = expansion(at);
  at.node.outputs.forEach((output, i) => {
    if (output !== '' && values[i] === undefined) throw new NotExpandable(`its output ${i} is not covered`);
  });
  return values;
}
