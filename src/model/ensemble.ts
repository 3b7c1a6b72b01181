import { misuse } from '../errors/error.ts';
import { describeShape } from '../image/image.ts';
import { GraphBuilder } from '../onnx/builder.ts';
import { codeOf } from '../onnx/element-type.ts';
import type { Model } from '../onnx/graph.ts';
import { inline } from '../onnx/inline.ts';
import type { PreparedModel } from './prepared-model.ts';
import { writeLogits } from './preprocessing-graph.ts';
import { withPreprocessing } from './with-preprocessing.ts';

/** Metadata of a classifier that answers with the mean over several, whose names it holds. */
export const ENSEMBLE_METADATA = 'gimbal.ensemble';

/** A classifier of an ensemble. */
export interface Member {
  /** How messages name it. */
  readonly name: string;
  readonly prepared: Pick<PreparedModel, 'model' | 'description' | 'preprocessing'>;
}

/**
 * Several classifiers as one: `logits` are the logarithms of the mean of their probabilities (Lakshminarayanan et al.,
 * "Simple and scalable predictive uncertainty estimation using deep ensembles", NeurIPS 2017). Each has its
 * preprocessing and its label offset in the graph.
 * @param members two at least; the first one's batch size is the ensemble's
 * @returns a model of raw pixels in [0, 1]: `input` [batch, channels, height, width] → `logits` [batch, classes]; its
 *   metadata name the members and nothing else
 * @throws misuse `not-alike` where they take other images, tell other numbers of classes or run other batches,
 *   `not-exportable` as `withPreprocessing`
 */
export function ensembleModel(members: readonly [Member, ...Member[]]): Model {
  const [first, ...others] = members;
  others.forEach((other) => requireAlike(first, other));
  const { shape, batch } = first.prepared.description.input;
  const rows = batch === 'free' ? 'batch' : batch;
  const classes = classesOf(first);
  const raw = members.map(
    ({ name, prepared }) => withPreprocessing(prepared.model, prepared.description, prepared.preprocessing, name).model,
  );
  const b = new GraphBuilder('ensemble');
  const images = b.input('input', 'float32', [rows, shape.channels, shape.height, shape.width]);
  const probabilities = raw.map(({ graph }, i) => {
    const [scores] = inline(b, graph, `model${i}/`, { [graph.inputs[0].name]: images });
    const real = b.op('Cast', [scores], { to: codeOf('float32') });
    return b.op('Softmax', [writeLogits(b, real, members[i].prepared.description.output)], { axis: 1 });
  });
  const mean = { name: 'mean', kind: 'probabilities', width: classes, labelOffset: 0 } as const;
  b.outputAs('logits', writeLogits(b, b.op('Mean', probabilities), mean), 'float32', [rows, classes]);
  return {
    ...raw[0],
    opsets: new Map(raw.flatMap(({ opsets }) => [...opsets])),
    metadata: new Map([[ENSEMBLE_METADATA, JSON.stringify(members.map(({ name }) => name))]]),
    graph: b.build(),
  };
}

function classesOf({ prepared }: Member): number {
  const { width, labelOffset } = prepared.description.output;
  return width - labelOffset;
}

function requireAlike(first: Member, other: Member): void {
  const traits = (member: Member): string => {
    const { shape, batch } = member.prepared.description.input;
    const images = batch === 'free' ? 'any number of images' : batch === 1 ? 'one image' : `${batch} images`;
    return `takes ${images} of ${describeShape(shape)} at a time and tells ${classesOf(member)} classes`;
  };
  const [own, its] = [traits(first), traits(other)];
  if (own === its) return;
  throw misuse({
    code: 'not-alike',
    subject: other.name,
    problem: `${its}, while ${first.name} ${own}.`,
    advice: 'Their answers can be averaged only where they are to the same question.',
  });
}
