import { misuse } from '../errors/error.ts';
import { GraphBuilder } from '../onnx/builder.ts';
import { codeOf } from '../onnx/element-type.ts';
import type { Model } from '../onnx/graph.ts';
import { pruneGraph } from '../onnx/prune.ts';
import { toWorkingOpset } from '../onnx/upgrade.ts';
import type { ProbedDescription } from './description.ts';
import { lastOperator } from './describe-output.ts';
import { withoutFinalActivation } from './final-activation.ts';
import type { ModelProbe } from './probe.ts';

/** The first opset whose Reshape, MatMul and Add mean what they do in the working one. */
const OLDEST_OPSET = 13;

/** Operators that end in any real number: what they give is a logit, whatever a few values look like. */
const LINEAR = new Set(['Gemm', 'MatMul', 'Conv', 'Add', 'Sub', 'ReduceSum', 'ReduceMean', 'GlobalAveragePool']);

/**
 * A classifier with one score for each image, as a model of two classes: label 1, the positive one, has the score. A
 * logit z gives the logits (0, z), whose softmax is the sigmoid of z; a probability p gives the probabilities (1 − p,
 * p).
 *
 * @param seen scores that a run gave
 * @returns the model, how it is read, and a sentence about what it was taken for
 * @throws misuse `not-a-classifier` where the one score is normalised over itself
 */
export function asTwoClasses(
  model: Model,
  { input, output }: ProbedDescription,
  seen: ModelProbe,
): { readonly model: Model; readonly description: ProbedDescription; readonly note: string } {
  if (output.kind === 'log-probabilities' || lastOperator(model.graph, output.name)?.opType === 'Softmax') {
    throw misuse({
      code: 'not-a-classifier',
      subject: `model output '${output.name}'`,
      problem: 'is a Softmax over a single score, which is 1 for every image.',
      advice: 'A single score wants a sigmoid, or none: export the model so.',
    });
  }
  const bare = output.kind === 'sigmoid' ? withoutFinalActivation(model, output) : undefined;
  const isLogit = bare !== undefined || (output.kind !== 'sigmoid' && isLogits(model, output.name, seen));
  const source = bare ?? model;
  const { graph, ...rest } = (source.opsets.get('') ?? 0) < OLDEST_OPSET ? toWorkingOpset(source) : source;
  const b = GraphBuilder.from({ ...pruneGraph(graph, [output.name]), outputs: [] });
  const type = graph.outputs.find(({ name }) => name === output.name)?.type;
  const column = b.op('Reshape', [output.name, b.ints([-1, 1])]);
  const score = type === 'float32' ? column : b.op('Cast', [column], { to: codeOf('float32') });
  const weights = Float32Array.of(isLogit ? 0 : -1, 1);
  const pair = b.op('MatMul', [score, b.initializer('pair', { type: 'float32', dims: [1, 2], data: weights })]);
  const scores = isLogit ? pair : b.op('Add', [pair, b.constant([1, 0], [1, 2])]);
  const name = b.outputAs(b.unused(`${output.name}_of_two`), scores, 'float32', [
    input.batch === 'free' ? 'batch' : input.batch,
    2,
  ]);
  return {
    model: { ...rest, graph: b.build() },
    description: { input, output: { ...output, name, kind: isLogit ? 'logits' : 'probabilities', width: 2 } },
    note:
      `The model gives one score for each image: it is taken for the ${isLogit ? 'logit' : 'probability'} of label ` +
      '1, the positive one, against label 0.',
  };
}

function isLogits(model: Model, output: string, { scores }: ModelProbe): boolean {
  const last = lastOperator(model.graph, output)?.opType ?? '';
  return LINEAR.has(last) || !scores.every((score) => score >= 0 && score <= 1);
}
