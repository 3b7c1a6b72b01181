import type { Node } from '../onnx/graph.ts';
import type { Knowledge } from './knowledge.ts';
import type { Paths } from './paths.ts';
import { passesCodes, ruleOf } from './registry.ts';
import { flowsTo } from './rule.ts';

/** An operator that stands in the way of gradients, with the nodes that use it. */
export interface Unsupported {
  readonly opType: string;
  readonly nodes: readonly string[];
  readonly reason: string;
}

const NO_SLOPE = 'its derivative is zero wherever it exists';
const QUANTIZED = 'it computes with quantised numbers';
const INNER = 'operators with inner graphs have no derivative here';
const RECURRENT = 'recurrent operators have no derivative here';

/** Why operators have no rule, where there is more to say than that. */
const CAUSES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ...causes(NO_SLOPE, 'Round Floor Ceil Sign Hardmax'),
    ...causes(QUANTIZED, 'QLinearConv QLinearMatMul ConvInteger MatMulInteger DynamicQuantizeLinear'),
    ...causes(INNER, 'If Loop Scan SequenceMap'),
    ...causes(RECURRENT, 'LSTM GRU RNN'),
  }),
);

function causes(reason: string, operators: string): Record<string, string> {
  return Object.fromEntries(operators.split(' ').map((operator) => [operator, reason]));
}

/** Why a node has no derivative here; undefined where it has one. */
function reasonAgainst(node: Node, knowledge: Knowledge, values: Paths['values']): string | undefined {
  const refusal = knowledge.refusal(node);
  if (refusal !== undefined) return refusal;
  const rule = ruleOf(node);
  if (rule === undefined) return CAUSES.get(node.opType) ?? 'the operator has no derivative here';
  const further = rule.outputs === 'all' ? -1 : node.outputs.findIndex((name, i) => i > 0 && values.has(name));
  if (further > 0) return `its output number ${further + 1} is used, and only the first has a derivative here`;
  if (flowsTo(rule, 0) && !knowledge.isFloat(node.inputs[0]) && !passesCodes(node)) return QUANTIZED;
  if (rule.ranked === true && knowledge.info(node.inputs[0])?.shape === undefined)
    return 'the rank of its input is unknown';
  return rule.refuse?.(knowledge.at(node));
}

/** What on the paths is not covered, grouped by operator and reason. */
export function findUnsupported({ nodes, ends, values }: Paths, knowledge: Knowledge): Unsupported[] {
  const groups = new Map<string, { opType: string; nodes: string[]; reason: string }>();
  const against = [
    ...nodes.map((node) => [node, reasonAgainst(node, knowledge, values)] as const),
    ...ends.map((node) => [node, `${NO_SLOPE}, and no other way leads through the graph`] as const),
  ];
  const behindRefused = new Set<string>();
  for (const [node, reason] of against) {
    if (reason === undefined) continue;
    // What comes of a refused operator is no further cause.
    const consequence = reason === QUANTIZED && behindRefused.has(node.inputs[0]);
    for (const output of node.outputs) behindRefused.add(output);
    if (consequence) continue;
    const opType = node.domain === '' ? node.opType : `${node.domain}.${node.opType}`;
    const group = groups.get(`${opType}|${reason}`) ?? { opType, nodes: [], reason };
    group.nodes.push(node.name !== '' ? node.name : (node.outputs.find((name) => name !== '') ?? ''));
    groups.set(`${opType}|${reason}`, group);
  }
  return [...groups.values()];
}
