import type { ImageShape } from '../../image/image.ts';
import type { Model } from '../../onnx/graph.ts';
import type { Box } from '../../sets/box.ts';
import { type DescribedModel, votable, withLogits } from './votable.ts';
import { votedGraph, voteTransformations } from './voted-graph.ts';

/** Key of the metadata under which an exported vote is told. */
export const VOTE_METADATA = 'gimbal.vote';

/**
 * A classifier that votes over fixed transformations, as a model of its own; metadata stays and gains `gimbal.vote`.
 * @param subject how messages name the model
 * @param boxFor limits of the transformations for images of this shape
 * @throws misuse as `votable`
 */
export function votedModel(
  read: DescribedModel,
  subject: string,
  boxFor: (shape: ImageShape) => Box,
  votes: number,
  seed: number,
): { voted: Model; box: Box } {
  const { model, graph, shape, output } = votable(read, subject);
  const box = boxFor(shape);
  const voted = votedGraph(graph, shape, output, voteTransformations(votes, box, seed));
  return { box, voted: withLogits(model, voted, VOTE_METADATA, { votes, seed, box }) };
}
