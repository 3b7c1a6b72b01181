import { misuse } from '../errors/error.ts';
import { describeShape } from '../image/image.ts';
import { GraphBuilder } from '../onnx/builder.ts';
import { codeOf } from '../onnx/element-type.ts';
import type { Model } from '../onnx/graph.ts';
import { inline } from '../onnx/inline.ts';
import { pruneGraph } from '../onnx/prune.ts';
import { toWorkingOpset } from '../onnx/upgrade.ts';
import type { PreparedModel } from './prepared-model.ts';
import { writeLogits, writePreprocessing } from './preprocessing-graph.ts';

/** Metadata of a classifier that answers with the mean over several, whose names it holds. */
export const ENSEMBLE_METADATA = 'gimbal.ensemble';

/** Mean probabilities below are taken for this one, so that their logarithm stays finite. */
const LEAST_PROBABILITY = 1e-30;

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
 * @param members two at least; the first one's batch size and metadata are the ensemble's
 * @returns a model of raw pixels in [0, 1]: `input` [batch, channels, height, width] → `logits` [batch, classes]
 * @throws misuse `not-alike` where they take other images, tell other numbers of classes or run other batches,
 *   `not-exportable` where one has several inputs or none for a batch
 */
export function ensembleModel(members: readonly [Member, ...Member[]]): Model {
  const [first, ...others] = members;
  others.forEach((other) => requireAlike(first, other));
  const { shape, batch } = first.prepared.description.input;
  const rows = batch === 'free' ? 'batch' : batch;
  const b = new GraphBuilder('ensemble');
  const raw = b.input('input', 'float32', [rows, shape.channels, shape.height, shape.width]);
  const upgraded = members.map(({ prepared }) => toWorkingOpset(prepared.model));
  const probabilities = members.map(({ name, prepared: { description, preprocessing } }, i) => {
    const { input, output } = description;
    const graph = pruneGraph(upgraded[i].graph, [output.name]);
    if (graph.inputs.length !== 1 || input.unbatched) throw notExportable(name, graph.inputs.length);
    const fed = writePreprocessing(b, raw, input, preprocessing);
    const given = input.type === 'float32' ? fed : b.op('Cast', [fed], { to: codeOf(input.type) });
    const [scores] = inline(b, graph, `model${i}/`, { [graph.inputs[0].name]: given });
    const real = b.op('Cast', [scores], { to: codeOf('float32') });
    return b.op('Softmax', [writeLogits(b, real, output)], { axis: 1 });
  });
  const mean = b.op('Max', [b.op('Mean', probabilities), b.constant(LEAST_PROBABILITY)]);
  b.outputAs('logits', b.op('Log', [mean]), 'float32', [rows, classesOf(first)]);
  return {
    ...upgraded[0],
    opsets: new Map(upgraded.flatMap(({ opsets }) => [...opsets])),
    metadata: new Map([
      ...first.prepared.model.metadata,
      [ENSEMBLE_METADATA, JSON.stringify(members.map(({ name }) => name))],
    ]),
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

function notExportable(subject: string, inputs: number): Error {
  return misuse({
    code: 'not-exportable',
    subject,
    problem: inputs === 1 ? 'its input has no dimension for a batch.' : `it has ${inputs} inputs.`,
    advice: 'The mean can be taken over models of one input with a batch.',
  });
}
