import { expandGradients } from '../../gradients/expansions/expand.ts';
import type { Graph, Node } from '../../onnx/graph.ts';
import { pruneGraph } from '../../onnx/prune.ts';
import { convolution } from './convolution.ts';
import { ELEMENTWISE } from './elementwise.ts';
import { inputGradient } from './input-gradient.ts';
import { NORMS } from './norms.ts';
import { POOLING } from './pooling.ts';
import { REDUCTIONS } from './reductions.ts';
import { Lowering, type LoweringRule } from './lowering.ts';
import { SPATIAL } from './spatial.ts';
import { weightGradient } from './weight-gradient.ts';

const RULES: ReadonlyMap<string, LoweringRule> = new Map(
  Object.entries({
    ...ELEMENTWISE,
    ...NORMS,
    ...POOLING,
    ...REDUCTIONS,
    ...SPATIAL,
    Conv: convolution,
    ConvInputGradient: inputGradient,
    ConvWeightGradient: weightGradient,
  }),
);

/**
 * Rewrites a graph for ONNX Runtime's CPU kernels: convolutions and everything between them work on channels in blocks,
 * in the operators of the domain com.microsoft.nchwc. That domain is undocumented; what is written here rests on ONNX
 * Runtime 1.30 and is checked against the plain graph before use (step/open-lowered.ts). What no rule covers stays as
 * it is, with conversions between the layouts. Gradients that no rule covers are written with standard operators.
 *
 * @param graph a graph whose inputs have static shapes; gradients may be operators of their own
 * @param block channels in a block, as this machine's kernels have them
 * @returns undefined where nothing can be lowered
 */
export function lower(graph: Graph, block: number): Graph | undefined {
  const lowering = planLowering(graph, block);
  return lowering.count('Conv') === 0 ? undefined : pruneGraph(lowering.writeOnDemand());
}

/** The rewriting itself, before anything is written: what it will write in the blocked layout can be counted. */
export function planLowering(graph: Graph, block: number): Lowering {
  let plan = new Lowering(graph, block, RULES);
  // Weight gradients, to which nothing leads on, last: whether they are lowered rests on how the others are written.
  for (const isDue of [(node: Node) => node.opType !== 'ConvWeightGradient', () => true]) {
    const given = plan;
    const standard = expandGradients(given.source.graph, (node) => isDue(node) && !given.lowers(node));
    if (standard !== given.source.graph) plan = new Lowering(standard, block, RULES);
  }
  return plan;
}
