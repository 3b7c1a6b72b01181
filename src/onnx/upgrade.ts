import { misuse } from '../errors/error.ts';
import { foldConstants } from './fold.ts';
import { WORKING_OPSET, type Attribute, type Graph, type Model, type Node } from './graph.ts';
import { pruneGraph } from './prune.ts';
import { rewrite, type Rule, type Written } from './rewriting/rewriter.ts';
import { LATER_ATTRIBUTES, obstacle, UPGRADE_RULES } from './upgrade/operators.ts';
import { UpgradeStep } from './upgrade/step.ts';

/** The opsets that models may be written in. */
const OLDEST_OPSET = 7;
const NEWEST_OPSET = 26;

/** The IR version that goes with the working opset. */
const WORKING_IR_VERSION = 9;

/**
 * The same model in the working opset, with constants folded (`foldConstants`). Operators of other domains than
 * ONNX's own stay as they are.
 *
 * @throws misuse `unsupported-opset` for a model older than opset 7 or newer than 26; `cannot-upgrade`, naming node and
 *   operator, for what has no counterpart in the working opset
 * @param nodeOpsets opset by node, of those that are written in another than the model
 */
export function toWorkingOpset(model: Model, nodeOpsets: ReadonlyMap<Node, number> = new Map()): Model {
  const opset = model.opsets.get('') ?? WORKING_OPSET;
  checkOpset(opset);
  for (const other of nodeOpsets.values()) checkOpset(other);
  // Folding first lets the rules see shapes and scales that nodes compute.
  const folded = foldConstants(model.graph);
  const graph =
    opset === WORKING_OPSET && nodeOpsets.size === 0
      ? folded
      : foldConstants(pruneGraph(upgradeGraph(folded, (node) => nodeOpsets.get(node) ?? opset)));
  const opsets = new Map([...model.opsets, ['', WORKING_OPSET]]);
  if (graph.nodes.some((node) => node.domain === 'com.microsoft') && !opsets.has('com.microsoft'))
    opsets.set('com.microsoft', 1);
  return { ...model, irVersion: WORKING_IR_VERSION, opsets, graph };
}

function checkOpset(opset: number): void {
  if (opset < OLDEST_OPSET || opset > NEWEST_OPSET) {
    throw misuse({
      code: 'unsupported-opset',
      subject: 'model',
      problem: `it is written in ONNX opset ${opset}; opsets ${OLDEST_OPSET} to ${NEWEST_OPSET} are supported.`,
      advice:
        'Convert it (Python: onnx.version_converter.convert_version(model, ' +
        `${WORKING_OPSET})) or export it anew with opset ${WORKING_OPSET}.`,
    });
  }
}

/** @param prefix of the names of what is added */
function upgradeGraph(graph: Graph, opsetOf: (node: Node) => number, prefix?: string): Graph {
  const upgrade: Rule = (node, r) => {
    const step = new UpgradeStep(withInnerGraphs(node, opsetOf), opsetOf(node), r);
    if (node.domain === '') return upgradeNode(step) ?? node.outputs;
    r.b.add(step.node);
    return node.outputs;
  };
  return rewrite(graph, upgrade, { prefix });
}

function upgradeNode(step: UpgradeStep): Written | void {
  const { node, builder } = step;
  const rule = UPGRADE_RULES.get(node.opType);
  if (rule !== undefined) return rule(step);
  const problem = obstacle(node);
  if (problem !== undefined)
    throw step.refuse(problem, `Export the model with opset ${WORKING_OPSET}, of whose operators it should be made.`);
  builder.add({
    ...node,
    attributes: step.attributesWithout(
      Object.hasOwn(LATER_ATTRIBUTES, node.opType) ? LATER_ATTRIBUTES[node.opType] : [],
    ),
  });
}

function withInnerGraphs(node: Node, opsetOf: (node: Node) => number): Node {
  const upgrade = (name: string, attribute: Attribute): Attribute =>
    attribute.kind === 'graph'
      ? { kind: 'graph', value: upgradeGraph(attribute.value, opsetOf, `${node.outputs[0]}/${name}/`) }
      : attribute;
  return {
    ...node,
    attributes: new Map([...node.attributes].map(([name, attribute]) => [name, upgrade(name, attribute)])),
  };
}
