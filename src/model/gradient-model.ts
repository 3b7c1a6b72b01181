import { GimbalError, misuse } from '../errors/error.ts';
import { optionWords } from '../errors/option-words.ts';
import { differentiate } from '../gradients/differentiate.ts';
import { withLoss } from '../gradients/with-loss.ts';
import { GraphBuilder } from '../onnx/builder.ts';
import type { Graph, Model, Node } from '../onnx/graph.ts';
import { inferShapes } from '../onnx/infer.ts';
import { pruneGraph } from '../onnx/prune.ts';
import { toWorkingOpset } from '../onnx/upgrade.ts';
import { widenFloat16 } from '../onnx/widen.ts';
import { writeModelFile } from '../onnx/write-file.ts';
import type { ModelFile } from '../runtime/model-file.ts';
import type { ModelInput, ProbedDescription } from './description.ts';

/** A graph that also computes the gradient of the cross-entropy by its images. */
export interface GradientModel {
  /** An ONNX file. */
  readonly bytes: ModelFile;
  /** As the model's own, but float32: bytes and float16 are taken for real numbers. */
  readonly input: ModelInput;
  /** Input: true classes, int64 [N]. */
  readonly labels: string;
  /** Output: what the model gives, label offset taken off, float32 [N, classes]. */
  readonly scores: string;
  readonly kind: ProbedDescription['output']['kind'];
  /** Output: gradient of each image's own cross-entropy, of the input's shape. */
  readonly gradient: string;
}

/**
 * Differentiates a classifier by its images. Models in float16 are computed in float32; models that take bytes are
 * differentiated behind the conversion of the bytes, rounding to them passed over (the straight-through estimate).
 *
 * @throws misuse `not-differentiable` with the operators that stand in the way
 */
export function gradientModel(model: Model, { input, output }: ProbedDescription): GradientModel {
  try {
    const whole = widenFloat16(toWorkingOpset(model));
    const graph = withFloatInput(pruneGraph(whole.graph, [output.name]), input.name);
    const { graph: scored, scores } = withScores(graph, output.name, output.width, output.labelOffset);
    const kind = output.kind === 'sigmoid' ? 'logits' : output.kind;
    const { graph: losing, labels, loss } = withLoss(scored, { scores, kind });
    const { graph: full, gradients } = differentiate(losing, { output: loss, by: [input.name] });
    const gradient = gradients.get(input.name)!;
    const bytes = writeModelFile({ ...whole, graph: pruneGraph(full, [scores, gradient]) });
    return { bytes, input: { ...input, type: 'float32' }, labels, scores, kind, gradient };
  } catch (error) {
    if (!(error instanceof GimbalError)) throw error;
    throw misuse(
      {
        ...error.issue,
        advice: `Use ${optionWords('gradient', 'finite-difference')}, or an attack that needs no gradients.`,
      },
      { cause: error },
    );
  }
}

/** Operators that move the values of their first input and compute nothing. */
const MOVING = new Set(
  'Identity Transpose Reshape Flatten Squeeze Unsqueeze Slice Split Gather Expand Tile DepthToSpace SpaceToDepth'.split(
    ' ',
  ),
);

/** The graph with its images as float32, where they were bytes that it converts first, or moves and then converts. */
function withFloatInput(graph: Graph, name: string): Graph {
  const info = graph.inputs.find((i) => i.name === name)!;
  if (info.type === 'float32') return graph;
  const infos = inferShapes(graph);
  // The images and what only moves them, up to their conversion.
  const unconverted = new Set([name]);
  const conversions = new Set<Node>();
  for (const node of graph.nodes) {
    const [first, ...others] = node.inputs;
    if (!node.inputs.some((input) => unconverted.has(input))) continue;
    const moves = unconverted.has(first) && !others.some((input) => unconverted.has(input)) && MOVING.has(node.opType);
    const joins = node.opType === 'Concat' && node.inputs.every((input) => unconverted.has(input));
    if (moves || joins) {
      for (const output of node.outputs) unconverted.add(output);
      continue;
    }
    if (node.opType === 'Cast' && infos.get(node.outputs[0])?.type === 'float32') {
      conversions.add(node);
      continue;
    }
    throw misuse({
      code: 'not-differentiable',
      subject: 'model',
      problem:
        `takes ${info.type} and does not convert it to float32 first: its images go into ${node.opType} ` +
        `('${node.name || node.outputs[0]}').`,
    });
  }
  return {
    ...graph,
    inputs: graph.inputs.map((i) => (i === info ? { ...info, type: 'float32' } : i)),
    nodes: graph.nodes.map((node) =>
      conversions.has(node) ? { ...node, opType: 'Identity', attributes: new Map() } : node,
    ),
    valueInfo: new Map([...graph.valueInfo].filter(([value]) => !unconverted.has(value))),
  };
}

/**
 * Appends the scores as a matrix of the classes that labels may name: `[N, width, 1, 1]` flattened, the first ones cut
 * off.
 */
function withScores(
  graph: Graph,
  output: string,
  width: number,
  labelOffset: number,
): { graph: Graph; scores: string } {
  const shape = inferShapes(graph).get(output)?.shape;
  const isMatrix = shape?.length === 2 && shape[1] === width;
  if (isMatrix && labelOffset === 0) return { graph, scores: output };
  const b = GraphBuilder.from(graph);
  const matrix = isMatrix ? output : b.op('Reshape', [output, b.ints([-1, width])]);
  const cut = labelOffset === 0 ? matrix : b.op('Slice', [matrix, b.ints([labelOffset]), b.ints([width]), b.ints([1])]);
  const scores = b.outputAs(b.unused('class_scores'), cut, 'float32', [shape?.[0] ?? null, width - labelOffset]);
  return { graph: b.build(), scores };
}
