import { misuse } from '../errors/error.ts';
import { optionWords } from '../errors/option-words.ts';
import type { Dimension, Graph, Node, ValueInfo } from '../onnx/graph.ts';
import { makersOf } from '../onnx/links.ts';
import type { ModelInput, ModelOutput, ModelOverrides, OutputKind } from './description.ts';
import { describeDimensions } from './describe-input.ts';

const SCORE_TYPES = ['float32', 'float16', 'float64'];

/**
 * Finds the output that holds one row of class scores per image, and what kind of scores these are.
 * @throws misuse where there is none, where several could be it, and where the label offset leaves fewer than two
 *   classes
 */
export function describeOutput(graph: Graph, batch: ModelInput['batch'], overrides: ModelOverrides = {}): ModelOutput {
  const info = chooseOutput(graph, batch, overrides.output);
  const width = formOf(info, batch)?.width;
  const labelOffset = overrides.labelOffset ?? 0;
  checkWidth(info.name, width, labelOffset);
  return { name: info.name, kind: kindOf(graph, info.name), width, labelOffset };
}

/**
 * @throws misuse where a row of `width` scores (undefined: not known yet) is no classification into two classes or more
 */
export function checkWidth(name: string, width: number | undefined, labelOffset: number): void {
  if (!Number.isInteger(labelOffset) || labelOffset < 0) {
    throw misuse({
      code: 'label-offset',
      subject: optionWords('label-offset'),
      problem: `is ${labelOffset}; it must be a whole number of at least 0.`,
      advice:
        'It is the number of model classes before the one that label 0 names, ' +
        '1 for ImageNet models with a background class.',
    });
  }
  if (width === undefined) return;
  if (width < 1) {
    throw misuse({
      code: 'not-a-classifier',
      subject: `model output '${name}'`,
      problem: 'has no values; a classifier has a score for each class.',
      advice: 'Export the model with such an output.',
    });
  }
  // One score is that of the second of two classes.
  const classes = Math.max(width, 2);
  if (classes - labelOffset < 2) {
    throw misuse({
      code: 'label-offset',
      subject: optionWords('label-offset'),
      problem: `is ${labelOffset}, but the model has only ${classes} classes.`,
      advice: `It may be at most ${classes - 2}.`,
    });
  }
}

/** Scores that an output has for each image; a width that the file leaves open is undefined. */
interface Form {
  readonly width: number | undefined;
}

/**
 * Reads an output's shape as scores of a batch of images: one axis for the images, at most one other that is not 1
 * (`[N, 10]`, `[N, 1000, 1, 1]`, `[1, N, 10]`, and `[N]` or `[N, 1]` of a single score).
 * @returns undefined where it is something else
 */
function formOf({ type, shape }: ValueInfo, batch: ModelInput['batch']): Form | undefined {
  if (!SCORE_TYPES.includes(type)) return undefined;
  if (shape === undefined) return { width: undefined };
  const classes = shape.toSpliced(imageAxis(shape, batch), 1).filter((d) => d !== 1);
  if (classes.length > 1) return undefined;
  const [width] = classes;
  // What the file says of the only axis may be either; so may a 1 that an example left behind.
  if (width === undefined && typeof shape[0] === 'number' && batch === 'free') return { width: undefined };
  if (width === undefined) return { width: 1 };
  return { width: typeof width === 'number' && width > 0 ? width : undefined };
}

/** The axis of the images: that of the batch's size, or the first that is open; beyond the end where there is none. */
function imageAxis(shape: readonly Dimension[], batch: ModelInput['batch']): number {
  const found = [shape.indexOf(batch), shape.findIndex((d) => typeof d !== 'number')].find((axis) => axis >= 0);
  return found ?? (batch === 1 ? shape.length : 0);
}

function chooseOutput(graph: Graph, batch: ModelInput['batch'], wanted: string | undefined): ValueInfo {
  const seen = graph.outputs
    .map((o) => `'${o.name}' ${o.type}${o.shape === undefined ? '' : describeDimensions(o.shape)}`)
    .join(', ');
  if (wanted !== undefined && !graph.outputs.some((o) => o.name === wanted)) {
    throw misuse({
      code: 'unknown-output',
      subject: optionWords('output'),
      problem: `names '${wanted}', which the model does not have.`,
      advice: `Its outputs: ${seen}.`,
    });
  }
  const candidates = graph.outputs.filter((o) => wanted === undefined || o.name === wanted);
  const rows = candidates.filter(
    (info) => formOf(info, batch) !== undefined && choiceBehind(graph, info.name) === undefined,
  );
  // A single value beside rows of scores is a loss, a distance or the like.
  const wide = rows.filter((info) => formOf(info, batch)?.width !== 1);
  const fitting = wide.length > 0 ? wide : rows;
  if (fitting.length === 0) throw candidates.find(isChoice) === undefined ? notAClassifier(seen) : noScores(seen);
  if (fitting.length > 1) {
    throw misuse({
      code: 'output-unknown',
      subject: 'model',
      problem: `has several outputs that could be class scores (${seen}).`,
      advice:
        `Which one is it? Say so with ${optionWords('output')}, such as ` +
        `${optionWords('output', fitting[0].name)}.`,
    });
  }
  requireTrueBatch(fitting[0], batch);
  return fitting[0];

  function isChoice({ name, type }: ValueInfo): boolean {
    return choiceBehind(graph, name) !== undefined || /^u?int|^bool|^string/.test(type);
  }
}

/**
 * A batch of 1 that an example left behind does no harm, for a run tells it; any other was said of something else than
 * these images.
 */
function requireTrueBatch({ name, shape }: ValueInfo, batch: ModelInput['batch']): void {
  if (batch !== 'free' || shape === undefined || shape.length < 2) return;
  const [declared] = shape;
  if (typeof declared !== 'number' || declared === 1 || shape.some((d) => typeof d !== 'number')) return;
  throw misuse({
    code: 'false-batch',
    subject: `model output '${name}'`,
    problem:
      `is declared as ${describeDimensions(shape)}, rows for a fixed batch of ${declared}, ` +
      'while the input takes any number of images: one of the two is false.',
    advice: 'Export the model with the same batch, best a free one, for its input and its output.',
  });
}

function noScores(seen: string): Error {
  return misuse({
    code: 'no-scores',
    subject: 'model',
    problem:
      `gives decisions, not scores (outputs: ${seen}): numbers of classes or a threshold's yes and no, ` +
      'of which there is no loss and no gradient.',
    advice:
      'Export it without its last step (ArgMax, TopK, a threshold), so that it gives [N, ' +
      'classes] scores in floating point.',
  });
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
const KINDS: ReadonlyMap<string, OutputKind> = new Map(
  Object.entries({
    Softmax: 'probabilities',
    LogSoftmax: 'log-probabilities',
    Sigmoid: 'sigmoid',
  }),
);

function kindOf(graph: Graph, output: string): OutputKind {
  return KINDS.get(lastOperator(graph, output)?.opType ?? '') ?? 'logits';
}

/** The operator that made the scores, behind those that only move or convert them. */
export function lastOperator(graph: Graph, output: string): Node | undefined {
  const makers = makersOf(graph);
  let node = makers.get(output);
  while (node !== undefined && NEUTRAL.has(node.opType)) node = makers.get(node.inputs[0]);
  return node;
}

/** Operators whose results are choices or decisions, in which the scores are no longer where their classes were. */
const CHOOSING = new Set(
  'ArgMax ArgMin TopK Hardmax OneHot Greater GreaterOrEqual Less LessOrEqual Equal Not And Or Xor'.split(' '),
);

/** The operator that chooses or decides, where an output holds what is left of scores then. */
export function choiceBehind(graph: Graph, output: string): Node | undefined {
  const last = lastOperator(graph, output);
  return last !== undefined && CHOOSING.has(last.opType) ? last : undefined;
}
