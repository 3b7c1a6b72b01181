import type { Graph } from '../../onnx/graph.ts';
import { pruneGraph } from '../../onnx/prune.ts';
import { Lowering, type LoweringRule } from './lowering.ts';
import { ordinaryConvolution } from './convolution.ts';
import { ELEMENTWISE } from './elementwise.ts';
import { NORMS } from './norms.ts';
import { POOLING } from './pooling.ts';
import { REDUCTIONS } from './reductions.ts';
import { SPATIAL } from './spatial.ts';
import { weightGradient, weightGradientOfPlain } from './weight-gradient.ts';

const conv: LoweringRule = {
  applies: (node, lowering) =>
    ordinaryConvolution.applies(node, lowering) || weightGradientOfPlain.applies(node, lowering),
  blocks: (node, lowering) => !weightGradientOfPlain.applies(node, lowering),
  write: (node, lowering) =>
    (weightGradientOfPlain.applies(node, lowering) ? weightGradientOfPlain : ordinaryConvolution).write(node, lowering),
};

const RULES: ReadonlyMap<string, LoweringRule> = new Map(
  Object.entries({
    ...ELEMENTWISE,
    ...NORMS,
    ...POOLING,
    ...REDUCTIONS,
    ...SPATIAL,
    Conv: conv,
    Transpose: weightGradient,
  }),
);

/**
 * Rewrites a graph for ONNX Runtime's CPU kernels: convolutions and everything between them work on channels in blocks,
 * in the operators of the domain com.microsoft.nchwc. That domain is undocumented; what is written here rests on ONNX
 * Runtime
 * 1.30 and is checked against the plain graph before use (see open.ts). What no rule covers stays as it is, with
 * conversions between the layouts.
 *
 * @param graph a plain graph whose inputs have static shapes
 * @param block channels in a block, as this machine's kernels have them
 * @returns undefined where nothing can be lowered
 */
export function lower(graph: Graph, block: number): Graph | undefined {
  const lowering = new Lowering(graph, block, RULES);
  return lowering.convolutions === 0 ? undefined : pruneGraph(lowering.writeOnDemand());
}
