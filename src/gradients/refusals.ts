import type { Node } from '../onnx/graph.ts';
import type { Knowledge } from './knowledge.ts';
import { RULES } from './registry.ts';

/** An operator that stands in the way of gradients, with the nodes that use it. */
export interface Unsupported {
  readonly opType: string;
  readonly nodes: readonly string[];
  readonly reason: string;
}

/** Why a node has no derivative here; undefined where it has one. */
function reasonAgainst(node: Node, knowledge: Knowledge): string | undefined {
  if (node.domain !== '' && node.domain !== 'ai.onnx')
    return `operators of the domain '${node.domain}' have no derivative here`;
  const rule = RULES.get(node.opType);
  if (rule === undefined) return 'the operator has no derivative here';
  if (rule.ranked === true && knowledge.info(node.inputs[0])?.shape === undefined)
    return 'the rank of its input is unknown';
  return rule.refuse?.(knowledge.at(node));
}

/** What among the nodes is not covered, grouped by operator and reason. */
export function findUnsupported(nodes: readonly Node[], knowledge: Knowledge): Unsupported[] {
  const groups = new Map<string, { opType: string; nodes: string[]; reason: string }>();
  for (const node of nodes) {
    const reason = reasonAgainst(node, knowledge);
    if (reason === undefined) continue;
    const opType = node.domain === '' ? node.opType : `${node.domain}.${node.opType}`;
    const group = groups.get(`${opType}|${reason}`) ?? { opType, nodes: [], reason };
    group.nodes.push(node.name !== '' ? node.name : (node.outputs.find((name) => name !== '') ?? ''));
    groups.set(`${opType}|${reason}`, group);
  }
  return [...groups.values()];
}
