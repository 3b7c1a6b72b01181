import { misuse } from '../../errors/error.ts';
import type { ImageShape } from '../../image/image.ts';
import type { ProbedDescription } from '../../model/description.ts';
import { hintsAsWritten } from '../../model/sidecar.ts';
import type { Graph, Model } from '../../onnx/graph.ts';
import { pruneGraph } from '../../onnx/prune.ts';
import { toWorkingOpset } from '../../onnx/upgrade.ts';
import type { Scores } from './view-scores.ts';

/** A classifier, and how it is fed and read. */
export interface DescribedModel {
  readonly model: Model;
  readonly description: ProbedDescription;
}

/** A model with another graph, which answers as `logits`, and with what that is in its metadata. */
export function withLogits(model: Model, graph: Graph, key: string, built: object): Model {
  const metadata = new Map([...model.metadata, [key, JSON.stringify(built)]]);
  // The name of the output that is no longer there.
  const { output, ...hints } = hintsAsWritten(metadata);
  return { ...model, graph, metadata: output === undefined ? metadata : metadata.set('gimbal', JSON.stringify(hints)) };
}

/** What a vote or turned copies are built around. */
export interface Votable {
  readonly model: Model;
  /** One input and the one output that is described. */
  readonly graph: Graph;
  readonly shape: ImageShape;
  readonly output: Scores;
}

/**
 * @param subject how messages name the model
 * @throws misuse `not-votable` unless the model takes float32 [batch, channels, height, width] of any batch
 */
export function votable({ model: given, description: { input, output } }: DescribedModel, subject: string): Votable {
  const refuse = (problem: string): Error =>
    misuse({
      code: 'not-votable',
      subject,
      problem,
      advice:
        'A vote or turned copies can be built into models of one input with a free batch and a score for each class.',
    });
  const model = toWorkingOpset(given);
  const graph = pruneGraph(model.graph, [output.name]);
  if (graph.inputs.length !== 1) throw refuse(`it has ${graph.inputs.length} inputs.`);
  if (input.unbatched) throw refuse(`its input '${input.name}' has no dimension for a batch.`);
  if (input.batch !== 'free')
    throw refuse(`it runs ${input.batch === 1 ? 'one image' : `${input.batch} images`} at a time.`);
  const { shape } = input;
  if (input.type !== 'float32' || input.dims.join() !== [shape.channels, shape.height, shape.width].join())
    throw refuse(`its input '${input.name}' is ${input.type} [N, ${input.dims.join(', ')}], not N×C×H×W.`);
  if (output.width < 2)
    throw refuse(`its output '${output.name}' is one number for each image, which no copies can be compared by.`);
  return { model, graph, shape, output };
}
