import type { Model } from '../../onnx/graph.ts';
import { turnedViews, viewsGraph } from './views-graph.ts';
import { type DescribedModel, votable, withLogits } from './votable.ts';

/** Key of the metadata under which an exported alignment is told. */
export const ALIGN_METADATA = 'gimbal.align';

/**
 * A classifier that turns an image by several fixed angles and answers as to the copy of which it is surest; metadata
 * stays and gains `gimbal.align`.
 * @param subject how messages name the model
 * @param count copies, an odd number: the image as it is is one of them
 * @param rotation degrees of those that are turned furthest
 * @throws misuse as `votable`
 */
export function alignedModel(read: DescribedModel, subject: string, count: number, rotation: number): Model {
  const { model, graph, shape, output } = votable(read, subject);
  const aligned = viewsGraph(graph, shape, output, turnedViews(count, rotation), 'most-confident');
  return withLogits(model, aligned, ALIGN_METADATA, { views: count, rotation });
}
