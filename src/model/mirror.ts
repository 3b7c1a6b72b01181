import { misuse } from '../errors/error.ts';
import { optionWords } from '../errors/option-words.ts';
import { GraphBuilder } from '../onnx/builder.ts';
import { codeOf } from '../onnx/element-type.ts';
import type { Graph, Model } from '../onnx/graph.ts';
import { inferShapes } from '../onnx/infer.ts';
import { inline } from '../onnx/inline.ts';
import { pruneGraph } from '../onnx/prune.ts';
import { toWorkingOpset } from '../onnx/upgrade.ts';
import type { ModelInput, ProbedDescription } from './description.ts';
import { writeLogits } from './preprocessing-graph.ts';

/** Metadata of a classifier that answers with the mean over an image and its mirror image. */
export const MIRROR_METADATA = 'gimbal.mirror';

/**
 * The classifier that answers with the mean of a classifier's scores for an image and for its mirror image, left to
 * right: both run as one batch of twice the images. The mean is taken of the scores as they are, for logits that of the
 * log-probabilities (up to a constant).
 *
 * @param subject how messages name the model
 * @returns a model of the same input whose one output, of the same name, is float32 [batch, width]
 * @throws misuse `not-mirrorable` where the batch is fixed
 */
export function mirrorModel(
  model: Model,
  { input, output }: ProbedDescription,
  subject: string,
): { readonly model: Model; readonly description: ProbedDescription } {
  const refuse = (problem: string): Error =>
    misuse({
      code: 'not-mirrorable',
      subject,
      problem,
      advice:
        'Image and mirror image run as one batch: export the model with a free batch, or leave ' +
        `${optionWords('mirror')} out.`,
    });
  if (input.batch !== 'free')
    throw refuse(`it runs ${input.batch === 1 ? 'one image' : `${input.batch} images`} at a time.`);
  const upgraded = toWorkingOpset(model);
  const [fed, ...others] = upgraded.graph.inputs;
  if (others.length > 0) throw refuse(`it has ${others.length + 1} inputs.`);

  const graph = pruneGraph(upgraded.graph, [output.name]);
  const b = new GraphBuilder(`${graph.name}-mirrored`);
  const images = b.input(fed.name, input.type, fed.shape ?? ['batch', ...input.dims]);
  const { axis, order } = mirrorOrder(input);
  const mirrored = b.op('Gather', [images, b.ints(order)], { axis });
  const [scores] = inline(b, graph, 'model/', { [fed.name]: b.op('Concat', [images, mirrored], { axis: 0 }) });
  const real = typeOf(graph, output.name) === 'float32' ? scores : b.op('Cast', [scores], { to: codeOf('float32') });
  const pairs = b.op('Reshape', [real, b.ints([2, -1, output.width])]);
  const mean = b.op('ReduceMean', [pairs, b.ints([0])], { keepdims: 0 });
  // What reads the file knows a sigmoid by the operator at its end alone.
  const told =
    output.kind === 'sigmoid' ? b.op('Sigmoid', [writeLogits(b, mean, { ...output, labelOffset: 0 })]) : mean;
  b.outputAs(output.name, told, 'float32', [fed.shape?.[0] ?? 'batch', output.width]);

  return {
    model: { ...upgraded, graph: b.build(), metadata: new Map([...model.metadata, [MIRROR_METADATA, 'true']]) },
    // The mean of two log-probabilities is none: its exponentials need not sum to 1.
    description: { input, output: { ...output, kind: output.kind === 'log-probabilities' ? 'logits' : output.kind } },
  };
}

/** Where the values of the mirror image stand in an image, along one axis of the input. */
function mirrorOrder({ layout, shape: { channels, height, width }, dims }: ModelInput): {
  readonly axis: number;
  readonly order: number[];
} {
  const reversed = (length: number): number[] => Array.from({ length }, (_, i) => length - 1 - i);
  const flat = dims.filter((dim) => dim !== 1).length < 2 && height > 1;
  if (dims.length === 2 && channels > 1) {
    // Planes, or pixels, in one row.
    const rows = Array.from({ length: height }, (_, row) => reversed(width).map((x) => row * width + x));
    return { axis: layout === 'nchw' ? 2 : 1, order: rows.flat() };
  }
  if (!flat) return { axis: layout === 'nhwc' && dims.length === 3 ? 2 : dims.length, order: reversed(width) };
  const rows = layout === 'nchw' ? channels * height : height;
  const depth = layout === 'nchw' ? 1 : channels;
  const order = Array.from({ length: rows }, (_, row) =>
    reversed(width).flatMap((x) => Array.from({ length: depth }, (_, c) => (row * width + x) * depth + c)),
  );
  return {
    axis:
      1 +
      Math.max(
        0,
        dims.findIndex((dim) => dim !== 1),
      ),
    order: order.flat(),
  };
}

function typeOf(graph: Graph, name: string): string | undefined {
  return inferShapes(graph).get(name)?.type ?? graph.outputs.find((info) => info.name === name)?.type;
}
