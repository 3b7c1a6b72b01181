import { readConvolution } from '../../gradients/expansions/convolution.ts';
import { isEmpty, phasesOfGradient, type Phases } from '../../gradients/expansions/convolution-input.ts';
import type { Phase } from '../../gradients/expansions/phases.ts';
import type { Node } from '../../onnx/graph.ts';
import { framedWhereSlow, isDepthwise } from './convolution.ts';
import type { Convolution, Lowering, LoweringRule } from './lowering.ts';
import { cutOrFramed, weave } from './spatial.ts';
import { blockedDepthwiseWeights, blockedSwappedWeights, type WeightShape } from './weights.ts';

/** The phases of an input gradient that can be written blocked, each of whose strides are equal. */
function phasesOfNode(node: Node, lowering: Lowering): Phases | undefined {
  const [, weights, g] = node.inputs;
  const gradient = readConvolution(node);
  const shape = lowering.source.shape(weights);
  const isWhole =
    shape?.length === 4 &&
    shape[0] % lowering.block === 0 &&
    (gradient.groups === 1 || isDepthwise(gradient.groups, shape));
  if (!isWhole || [node.outputs[0], g].some((value) => lowering.imageShape(value) === undefined)) return undefined;
  const phases = phasesOfGradient(gradient);
  return phases !== undefined && phases.strides[0] === phases.strides[1] ? phases : undefined;
}

/** The convolution of one phase, over the blocked gradient of the output. */
function convolutionOf(node: Node, lowering: Lowering, phases: Phases, phase: readonly Phase[]): Convolution {
  const [, weights, g] = node.inputs;
  const shape = lowering.source.shape(weights) as WeightShape;
  const [rows, columns] = phase.map(({ first, every, taps }, i) =>
    Array.from({ length: taps }, (_, t) => phases.first[i] + first + (taps - 1 - t) * every),
  );
  const frame = [...phase.map(({ before }) => before), ...phase.map(({ after }) => after)];
  const image = cutOrFramed(
    lowering,
    lowering.blocked(g),
    lowering.imageShape(g)!,
    frame.map((amount) => Math.min(amount, 0)),
  );
  const { groups } = readConvolution(node);
  const pick = groups === 1 ? blockedSwappedWeights : blockedDepthwiseWeights;
  const convolution = {
    groups,
    image,
    weights: pick(lowering, lowering.value(weights), shape, { rows, columns }),
    shape: [shape[1] * groups, shape[0] / groups, rows.length, columns.length],
    attributes: {
      strides: [1, 1],
      dilations: phase.map(({ dilation }) => dilation),
      pads: frame.map((amount) => Math.max(amount, 0)),
    },
  };
  return framedWhereSlow(lowering, convolution, phases.lengths[1]);
}

/**
 * The gradient of a convolution by its input: a convolution of stride 1 for each phase, over the forward weights with
 * inputs and outputs in each other's place, and the phases woven into one another.
 */
export const inputGradient: LoweringRule = {
  applies: (node, lowering) => phasesOfNode(node, lowering) !== undefined,
  blocks: () => true,
  write(node, lowering) {
    const [output] = node.outputs;
    const phases = phasesOfNode(node, lowering)!;
    const { each, extents, lengths, strides } = phases;
    const [n, channels] = lowering.imageShape(output)!;
    if (each.length === 1 && !isEmpty(each[0])) {
      lowering.setForm(output, convolutionOf(node, lowering, phases, each[0]));
      return;
    }
    const zeros = (): string =>
      lowering.op('Expand', [lowering.b.constant([0]), lowering.b.ints([n, channels, ...lengths])]);
    const parts = each.map((phase) =>
      isEmpty(phase) ? zeros() : lowering.convolve(convolutionOf(node, lowering, phases, phase)),
    );
    const [stride] = strides;
    const [height, width] = lengths.map((length) => length * stride);
    const whole = [n, channels, height, width] as const;
    const joined = parts.length === 1 ? parts[0] : lowering.op('Concat', parts, { axis: 1 });
    const woven = parts.length === 1 ? joined : weave(lowering, joined, whole, stride);
    const surplus = [0, 0, extents[0] - height, extents[1] - width];
    lowering.setForm(output, { terms: [{ tensor: cutOrFramed(lowering, woven, whole, surplus) }] });
  },
};
