import { describe, expect, it } from 'vitest';
import { GraphBuilder, type AttributeInput } from '../../onnx/builder.ts';
import { GRADIENT_DOMAIN, type Dimension, type Graph } from '../../onnx/graph.ts';
import { differentiateByMeaning } from '../differentiate.ts';
import { expandGradients } from './expand.ts';

/** The gradient by the weights w of a convolution. */
function byWeights(image: readonly Dimension[], weights: readonly number[], attributes = {}): Graph {
  return byOperator('Conv', image, attributes, weights);
}

/** The gradient by an operator's last input of the sum of what it gives; pruned to what is new in it. */
function byOperator(
  opType: string,
  image: readonly Dimension[],
  attributes: Record<string, AttributeInput>,
  weights?: readonly number[],
): Graph {
  const b = new GraphBuilder(opType);
  const inputs = [b.input('x', 'float32', image), ...(weights === undefined ? [] : [b.input('w', 'float32', weights)])];
  b.node('ReduceSum', [b.op(opType, inputs, attributes)], ['loss'], { keepdims: 0 });
  b.output('loss', 'float32', []);
  return differentiateByMeaning(b.build(), { output: 'loss', by: [inputs.at(-1)!] }).graph;
}

/** The operators that stand for the one whose meaning is a gradient. */
function writtenAs(graph: Graph): string[] {
  const given = new Set(graph.nodes);
  expect(graph.nodes.filter(({ domain }) => domain === GRADIENT_DOMAIN)).toHaveLength(1);
  return expandGradients(graph).nodes.flatMap((node) => (given.has(node) ? [] : [node.opType]));
}

describe('the gradient of a convolution by its weights', () => {
  const FAST = ['Transpose', 'Reshape', 'Transpose', 'Conv', 'Reshape', 'Transpose', 'Identity'];
  const FRAMED = FAST.toSpliced(1, 0, 'Pad');
  const GENERAL = ['Transpose', 'Transpose', 'Conv', 'Transpose', 'Slice', 'Identity'];

  it.each<[string, readonly Dimension[], readonly number[], Record<string, AttributeInput>, readonly string[]]>([
    ['of an image', ['n', 3, 8, 8], [4, 3, 3, 3], {}, FAST],
    ['padded', ['n', 3, 8, 8], [4, 3, 3, 3], { pads: [1, 1, 1, 1] }, FRAMED],
    ['strided, with a row left over', ['n', 3, 8, 8], [4, 3, 3, 3], { strides: [2, 2] }, FRAMED],
    ['dilated', ['n', 3, 8, 8], [4, 3, 3, 3], { dilations: [2, 2] }, GENERAL],
    ['of a signal', ['n', 3, 8], [4, 3, 3], {}, GENERAL],
    ['of an image of unknown size', ['n', 3, 'h', 'w'], [4, 3, 3, 3], {}, GENERAL],
    [
      'in groups',
      ['n', 4, 8, 8],
      [4, 2, 3, 3],
      { group: 2 },
      ['Shape', 'Concat', 'Reshape', ...GENERAL.toSpliced(1, 0, 'Reshape')],
    ],
  ])('%s', (_, image, weights, attributes, operators) => {
    expect(writtenAs(byWeights(image, weights, attributes))).toEqual(operators);
  });
});

it('the gradient of a maximum over windows by the places of the winners', () => {
  const graph = byOperator('MaxPool', ['n', 3, 8, 8], { kernel_shape: [2, 2], strides: [2, 2] });
  const operators = writtenAs(graph);
  expect(operators.filter((name) => name === 'ScatterElements' || name === 'MaxPool')).toEqual([
    'MaxPool',
    'ScatterElements',
  ]);
});

it('leaves those that are not asked for, and a graph without such operators', () => {
  const graph = byWeights(['n', 3, 8, 8], [4, 3, 3, 3]);
  expect(expandGradients(graph, () => false)).toBe(graph);
  const standard = expandGradients(graph);
  expect(standard.nodes.every(({ domain }) => domain === '')).toBe(true);
  expect(expandGradients(standard)).toBe(standard);
});
