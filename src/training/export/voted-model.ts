import { misuse } from '../../errors/error.ts';
import type { ImageShape } from '../../image/image.ts';
import type { Model } from '../../onnx/graph.ts';
import { inferShapes } from '../../onnx/infer.ts';
import type { Box } from '../../sets/box.ts';
import { votedGraph, voteTransformations } from './voted-graph.ts';

/** Key of the metadata under which an exported vote is told. */
export const VOTE_METADATA = 'gimbal.vote';

/** The first opset with all operators that the vote is written with, in the form in which it uses them. */
const OLDEST_OPSET = 13;

/**
 * A classifier that votes over fixed transformations, as a model of its own; metadata stays and gains `gimbal.vote`.
 * @param subject how messages name the model
 * @param boxFor limits of the transformations for images of this shape
 * @throws misuse `not-votable` unless the model takes float32 [batch, channels, height, width] of any batch and its
 *   first output is [batch, classes]
 */
export function votedModel(
  model: Model,
  subject: string,
  boxFor: (shape: ImageShape) => Box,
  votes: number,
  seed: number,
): { voted: Model; box: Box } {
  const { shape, classes } = votable(model, subject);
  const box = boxFor(shape);
  const voted = votedGraph(model.graph, shape, classes, voteTransformations(votes, box, seed));
  return {
    box,
    voted: {
      ...model,
      graph: voted,
      metadata: new Map([...model.metadata, [VOTE_METADATA, JSON.stringify({ votes, seed, box })]]),
    },
  };
}

/** What a vote is built around: shape of the images and number of classes. @throws misuse as `votedModel` */
export function votable(model: Model, subject: string): { readonly shape: ImageShape; readonly classes: number } {
  const refuse = (problem: string): Error =>
    misuse({
      code: 'not-votable',
      subject,
      problem,
      advice: 'The vote can be built into models of one input N×C×H×W with a free batch.',
    });
  const { graph } = model;
  const opset = model.opsets.get('') ?? 0;
  if (opset < OLDEST_OPSET) throw refuse(`its opset is ${opset}; ${OLDEST_OPSET} is the oldest.`);
  if (graph.inputs.length !== 1) throw refuse(`it has ${graph.inputs.length} inputs.`);
  const [input] = graph.inputs;
  const dims = input.shape ?? [];
  const [batch, channels, height, width] = dims;
  if (
    input.type !== 'float32' ||
    dims.length !== 4 ||
    typeof batch === 'number' ||
    typeof channels !== 'number' ||
    typeof height !== 'number' ||
    typeof width !== 'number'
  ) {
    throw refuse(`its input '${input.name}' is ${input.type} [${dims.map((d) => d ?? '?').join(', ')}].`);
  }
  if (channels > 4) throw refuse(`its input '${input.name}' has ${channels} channels; it seems to take N×H×W×C.`);
  const [output] = graph.outputs;
  const classes = (output.shape ?? inferShapes(graph).get(output.name)?.shape)?.at(-1);
  if (typeof classes !== 'number') throw refuse(`the number of classes of its output '${output.name}' is unknown.`);
  return { shape: { channels, height, width }, classes };
}
