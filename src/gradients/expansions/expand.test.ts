import { describe, expect, it } from 'vitest';
import { GraphBuilder, type AttributeInput } from '../../onnx/builder.ts';
import { GRADIENT_DOMAIN, type Dimension, type Graph } from '../../onnx/graph.ts';
import { differentiateByMeaning } from '../differentiate.ts';
import { expandGradients } from './expand.ts';

/** The gradient by the weights w of a convolution. */
function byWeights(image: readonly Dimension[], weights: readonly number[], attributes = {}): Graph {
  return byOperator('Conv', [image, weights], attributes, 1);
}

/** Of the sum of what an operator gives, by one of its inputs. */
function byOperator(
  opType: string,
  shapes: readonly (readonly Dimension[])[],
  attributes: Record<string, AttributeInput>,
  by = 0,
): Graph {
  const b = new GraphBuilder(opType);
  const inputs = shapes.map((shape, i) => b.input(`input${i}`, 'float32', shape));
  b.node('ReduceSum', [b.op(opType, inputs, attributes)], ['loss'], { keepdims: 0 });
  b.output('loss', 'float32', []);
  return differentiateByMeaning(b.build(), { output: 'loss', by: [inputs[by]] }).graph;
}

/** The operators that stand for the one whose meaning is a gradient. */
function writtenAs(graph: Graph): string[] {
  const given = new Set(graph.nodes.flatMap(({ outputs }) => outputs));
  expect(graph.nodes.filter(({ domain }) => domain === GRADIENT_DOMAIN)).toHaveLength(1);
  return expandGradients(graph).nodes.flatMap((node) => (given.has(node.outputs[0]) ? [] : [node.opType]));
}

describe('the gradient of a convolution by its weights', () => {
  const FAST = ['Transpose', 'Reshape', 'Transpose', 'Conv', 'Reshape', 'Transpose'];
  const FRAMED = FAST.toSpliced(1, 0, 'Pad');
  const CUT = FAST.toSpliced(1, 0, 'Slice');
  const GENERAL = ['Transpose', 'Transpose', 'Conv', 'Transpose', 'Slice'];

  it.each<[string, readonly Dimension[], readonly number[], Record<string, AttributeInput>, readonly string[]]>([
    ['of an image', ['n', 3, 8, 8], [4, 3, 3, 3], {}, FAST],
    ['padded', ['n', 3, 8, 8], [4, 3, 3, 3], { pads: [1, 1, 1, 1] }, FRAMED],
    ['strided, with a row left over', ['n', 3, 8, 8], [4, 3, 3, 3], { strides: [2, 2] }, CUT],
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

describe('the gradient of a convolution by its input', () => {
  const swapped = ['Transpose', 'Slice'];
  const phases = (count: number): string[] => Array.from({ length: count }, () => ['Slice', 'Conv']).flat();

  it.each<[string, readonly Dimension[], readonly number[], Record<string, AttributeInput>, readonly string[]]>([
    ['of an image: one convolution', ['n', 3, 8, 8], [4, 3, 3, 3], {}, [...swapped, 'Conv']],
    [
      'strided: one for each phase',
      ['n', 3, 8, 8],
      [4, 3, 2, 2],
      { strides: [2, 2] },
      ['Transpose', ...phases(4), 'Concat', 'DepthToSpace'],
    ],
    [
      'with strides that differ',
      ['n', 3, 8, 8],
      [4, 3, 2, 2],
      { strides: [1, 2] },
      ['Transpose', ...phases(2), 'Concat', 'Reshape', 'Transpose', 'Reshape'],
    ],
    [
      'of which no tap reaches most places',
      ['n', 3, 8, 8],
      [4, 3, 1, 1],
      { strides: [2, 2] },
      ['Transpose', 'Shape', 'Concat', 'Expand', 'Slice', 'Conv', 'Concat', 'DepthToSpace'],
    ],
    ['of each channel alone', ['n', 4, 8, 8], [4, 1, 3, 3], { group: 4 }, ['Slice', 'Conv']],
    [
      'of an image of unknown size: a transposed one',
      ['n', 3, 'h', 'w'],
      [4, 3, 3, 3],
      {},
      ['ConvTranspose', 'Shape', 'Add', 'Slice'],
    ],
  ])('%s', (_, image, weights, attributes, operators) => {
    expect(writtenAs(byOperator('Conv', [image, weights], attributes))).toEqual(operators);
  });
});

it('the mask of a ReLU', () => {
  expect(writtenAs(byOperator('Relu', [['n', 3]], {}))).toEqual(['HardSigmoid']);
});

it('the gradient of a batch normalisation, by the statistics of the batch alone', () => {
  const shapes = [['n', 3, 8, 8], [3], [3], [3], [3]];
  const written = writtenAs(byOperator('BatchNormalization', shapes, { training_mode: 1 }));
  expect(written.filter((name) => name === 'ReduceMean')).toHaveLength(4);
  const { nodes } = byOperator('BatchNormalization', shapes, {});
  expect(nodes.filter(({ domain }) => domain === GRADIENT_DOMAIN)).toEqual([]);
});

it('the gradient of a maximum over windows by the places of the winners', () => {
  const graph = byOperator('MaxPool', [['n', 3, 8, 8]], { kernel_shape: [2, 2], strides: [2, 2] });
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
