import { misuse } from '../errors/error.ts';
import type { Graph, Node, ValueInfo } from '../onnx/graph.ts';
import type { ModelOutput, ModelOverrides, OutputKind } from './description.ts';
import { describeDimensions } from './describe-input.ts';

const SCORE_TYPES = ['float32', 'float16', 'float64'];

/**
 * Finds the output that holds one row of class scores per image, and what kind of scores these are.
 * @throws misuse where there is none, where several could be it, and where the label offset leaves fewer than two classes
 */
export function describeOutput(graph: Graph, overrides: ModelOverrides = {}): ModelOutput {
  const info = chooseOutput(graph, overrides.output);
  const width = widthOf(info);
  const labelOffset = overrides.labelOffset ?? 0;
  checkWidth(info.name, width, labelOffset);
  return { name: info.name, kind: kindOf(graph, info.name), width, labelOffset };
}

/** @throws misuse where a row of `width` scores (undefined: not known yet) is no classification into two classes or more */
export function checkWidth(name: string, width: number | undefined, labelOffset: number): void {
  const subject = `model output '${name}'`;
  if (!Number.isInteger(labelOffset) || labelOffset < 0) {
    throw misuse({
      code: 'label-offset',
      subject: '--label-offset',
      problem: `is ${labelOffset}; it must be a whole number of at least 0.`,
      advice:
        'It is the number of model classes before the one that label 0 names, 1 for ImageNet models with a background class.',
    });
  }
  if (width === undefined) return;
  if (width < 2) {
    throw misuse({
      code: 'not-a-classifier',
      subject,
      problem: `has ${width} value for each image; a classifier has one score for each of at least 2 classes.`,
      advice: 'Models with a single yes/no score must be exported with two.',
    });
  }
  if (width - labelOffset < 2) {
    throw misuse({
      code: 'label-offset',
      subject: '--label-offset',
      problem: `is ${labelOffset}, but the model has only ${width} classes.`,
      advice: `It may be at most ${width - 2}.`,
    });
  }
}

/** Values per image: the dimension after the batch's, all others being 1 (`[N, 10]`, `[N, 1000, 1, 1]`). */
function widthOf(info: ValueInfo): number | undefined {
  const classes = info.shape?.slice(1).filter((d) => d !== 1) ?? [];
  const [width] = classes;
  if (info.shape !== undefined && classes.length === 0) return 1;
  return typeof width === 'number' && width > 0 ? width : undefined;
}

function isRowOfScores(info: ValueInfo): boolean {
  if (!SCORE_TYPES.includes(info.type)) return false;
  if (info.shape === undefined) return true;
  return info.shape.length >= 2 && info.shape.slice(1).filter((d) => d !== 1).length <= 1;
}

function chooseOutput(graph: Graph, wanted: string | undefined): ValueInfo {
  const seen = graph.outputs
    .map((o) => `'${o.name}' ${o.type}${o.shape === undefined ? '' : describeDimensions(o.shape)}`)
    .join(', ');
  if (wanted !== undefined) {
    const info = graph.outputs.find((o) => o.name === wanted);
    if (info === undefined)
      throw misuse({
        code: 'unknown-output',
        subject: '--output',
        problem: `names '${wanted}', which the model does not have.`,
        advice: `Its outputs: ${seen}.`,
      });
    if (!isRowOfScores(info)) throw notAClassifier(seen);
    return info;
  }
  const fitting = graph.outputs.filter(isRowOfScores);
  if (fitting.length === 0) throw notAClassifier(seen);
  if (fitting.length > 1) {
    throw misuse({
      code: 'output-unknown',
      subject: 'model',
      problem: `has several outputs that could be class scores (${seen}).`,
      advice: `Which one is it? Say so with --output, such as --output ${fitting[0].name}.`,
    });
  }
  return fitting[0];
}

function notAClassifier(seen: string): Error {
  return misuse({
    code: 'not-a-classifier',
    subject: 'model',
    problem: `has no output of the form [N, classes] with floating-point scores (outputs: ${seen || 'none'}).`,
    advice: 'Gimbal measures classifiers; detectors, encoders and the like have no accuracy to measure.',
  });
}

/** Operators that keep scores what they are. */
const NEUTRAL = new Set([
  'Identity',
  'Cast',
  'Reshape',
  'Flatten',
  'Squeeze',
  'Unsqueeze',
  'Dropout',
  'DequantizeLinear',
  'QuantizeLinear',
]);
const KINDS: Readonly<Record<string, OutputKind>> = {
  Softmax: 'probabilities',
  LogSoftmax: 'log-probabilities',
  Sigmoid: 'sigmoid',
};

function kindOf(graph: Graph, output: string): OutputKind {
  return KINDS[lastOperator(graph, output)?.opType ?? ''] ?? 'logits';
}

/** The operator that made the scores, behind those that only move or convert them. */
export function lastOperator(graph: Graph, output: string): Node | undefined {
  let node = graph.nodes.find((n) => n.outputs.includes(output));
  while (node !== undefined && NEUTRAL.has(node.opType)) {
    const value: string = node.inputs[0];
    node = graph.nodes.find((n) => n.outputs.includes(value));
  }
  return node;
}
