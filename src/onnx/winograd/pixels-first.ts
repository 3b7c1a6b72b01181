import { floatOf, intOf } from '../attributes.ts';
import type { GraphBuilder } from '../builder.ts';
import type { Attribute, Node, TensorValue } from '../graph.ts';
import { windowsOf } from '../inference/window.ts';
import { numbersOf } from '../tensor.ts';
import { dataMatrix, productMatrix, type TiledAxis } from './axis.ts';
import { transformedWeights, type TiledConvolution } from './convolution.ts';

/** A value of a graph, [batch, channels, height, width], as [height · width, batch, channels]. */
interface PixelsFirstValue {
  readonly name: string;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  /** Computed in this form, not brought into it. */
  readonly computed: boolean;
}

/** Operators on each element of their first input; further inputs are scalars. */
const UNARY = new Set([
  'Relu',
  'LeakyRelu',
  'Elu',
  'Selu',
  'Clip',
  'Sigmoid',
  'Tanh',
  'HardSigmoid',
  'HardSwish',
  'Gelu',
  'Softplus',
  'Erf',
]);
/** Operators on pairs of elements. */
const BINARY = new Set(['Add', 'Sub', 'Mul', 'Sum']);
/** Size of a MaxPool's window up to which slices are no slower than the runtime's own. */
const LARGEST_POOL = 4;

/**
 * Writes tiled convolutions into a graph, and what follows them, as far as it can stay in their layout. Every value is
 * written in the graph's own layout too, under its own name: pruning takes away what nothing reads.
 */
export class PixelsFirst {
  readonly #b: GraphBuilder;
  readonly #constantOf: (name: string) => TensorValue | undefined;
  readonly #values = new Map<string, PixelsFirstValue>();

  /** @param constantOf the value of a float32 constant */
  constructor(builder: GraphBuilder, constantOf: (name: string) => TensorValue | undefined) {
    this.#b = builder;
    this.#constantOf = constantOf;
  }

  convolve(convolution: TiledConvolution): void {
    const b = this.#b;
    const {
      node: {
        inputs: [source, , bias],
        outputs: [result],
      },
      rows,
      columns,
      inputs,
      outputs,
    } = convolution;
    const [ofRows, ofColumns] = [rows, columns].map((axis) =>
      this.#matrix(dataMatrix(axis), [axis.products, axis.input]),
    );
    const [toRows, toColumns] = [rows, columns].map((axis) =>
      this.#matrix(productMatrix(axis), [axis.output, axis.products]),
    );
    const byRows = b.op('MatMul', [
      ofRows,
      this.#shaped(this.#pixelsFirst(source, inputs, rows, columns), [rows.input, -1]),
    ]);
    const byBoth = b.op('MatMul', [ofColumns, this.#shaped(byRows, [rows.products, columns.input, -1])]);
    // The tiles of a row of tiles lie beside their images: more rows for one matrix of weights.
    const placed = this.#shaped(byBoth, [rows.filter.products, rows.tiles, columns.filter.products, -1, inputs]);
    const products = b.op('MatMul', [
      placed,
      b.initializer(`${result}_transformed_weights`, transformedWeights(convolution)),
    ]);
    const fromColumns = b.op('MatMul', [toColumns, this.#shaped(products, [rows.products, columns.products, -1])]);
    const fromBoth = b.op('MatMul', [toRows, this.#shaped(fromColumns, [rows.products, -1])]);
    const pixels = this.#shaped(fromBoth, [rows.output * columns.output, -1, outputs]);
    const value = bias === undefined || bias === '' ? pixels : b.op('Add', [pixels, bias]);
    this.#give(result, { name: value, channels: outputs, height: rows.output, width: columns.output, computed: true });
  }

  /** Writes a node in this layout if it works on values that are in it; tells whether it did. */
  follow(node: Node): boolean {
    const values = node.inputs.map((name) => this.#values.get(name));
    const [first, second] = values;
    if (
      node.domain !== '' ||
      node.outputs.length !== 1 ||
      first === undefined ||
      !values.some((value) => value?.computed)
    )
      return false;
    if (UNARY.has(node.opType)) return this.#elementwise(node, first, [first.name, ...node.inputs.slice(1)]);
    if (BINARY.has(node.opType))
      return (
        values.length === 2 &&
        second !== undefined &&
        sameShape(first, second) &&
        this.#elementwise(node, first, [first.name, second.name])
      );
    if (node.opType === 'BatchNormalization') return this.#norm(node, first);
    if (node.opType === 'MaxPool') return this.#pool(node, first);
    return node.opType === 'GlobalAveragePool' && this.#average(node, first);
  }

  #elementwise(node: Node, shape: PixelsFirstValue, inputs: readonly string[]): true {
    const name = this.#b.fresh(`${node.outputs[0]}_pixels_first`);
    this.#b.add({ ...node, name: `${name}_node`, inputs, outputs: [name] });
    this.#give(node.outputs[0], { ...shape, name, computed: true });
    return true;
  }

  /**
   * A norm that does not learn: factor and shift for each channel, f = scale / √(variance + ε) and shift − mean · f.
   */
  #norm(node: Node, value: PixelsFirstValue): boolean {
    const [scale, shift, mean, variance] = node.inputs.slice(1, 5).map((name) => this.#constantOf(name));
    if (!scale || !shift || !mean || !variance || intOf(node, 'training_mode', 0) !== 0) return false;
    const b = this.#b;
    const [scales, shifts, means, variances] = [scale, shift, mean, variance].map(numbersOf);
    const factors = scales.map((s, c) => s / Math.sqrt(variances[c] + floatOf(node, 'epsilon', 1e-5)));
    const scaled = b.op('Mul', [value.name, b.constant(factors)]);
    this.#give(node.outputs[0], {
      ...value,
      name: b.op('Add', [scaled, b.constant(shifts.map((s, c) => s - means[c] * factors[c]))]),
      computed: true,
    });
    return true;
  }

  /** The largest of every n-th row and column, from each place of the window on. */
  #pool(node: Node, value: PixelsFirstValue): boolean {
    const b = this.#b;
    const sizes = [value.height, value.width];
    const windows = windowsOf(node, sizes);
    if (windows === undefined || windows.reduce((size, { kernel }) => size * kernel, 1) > LARGEST_POOL) return false;
    const axes = windows.map(({ kernel, stride, dilation, pads, output }, axis) => {
      const last = (Number(output) - 1) * stride;
      const plain =
        dilation === 1 && pads !== null && pads.every((pad) => pad === 0) && last >= 0 && last + kernel <= sizes[axis];
      return plain ? { kernel, stride, last, output: Number(output) } : undefined;
    });
    const [rows, columns] = axes;
    if (rows === undefined || columns === undefined) return false;
    const grid = this.#shaped(value.name, [value.height, value.width, -1]);
    const slices: string[] = [];
    for (let y = 0; y < rows.kernel; y++) {
      for (let x = 0; x < columns.kernel; x++) {
        slices.push(
          b.op('Slice', [
            grid,
            b.ints([y, x]),
            b.ints([y + rows.last + 1, x + columns.last + 1]),
            b.ints([0, 1]),
            b.ints([rows.stride, columns.stride]),
          ]),
        );
      }
    }
    const largest = this.#shaped(b.op('Max', slices), [rows.output * columns.output, -1, value.channels]);
    this.#give(node.outputs[0], {
      ...value,
      name: largest,
      height: rows.output,
      width: columns.output,
      computed: true,
    });
    return true;
  }

  #average(node: Node, { name, channels, height, width }: PixelsFirstValue): true {
    const area = height * width;
    const mean = this.#b.op('MatMul', [
      this.#matrix(new Float32Array(area).fill(1 / area), [1, area]),
      this.#shaped(name, [area, -1]),
    ]);
    this.#shapeAs(node.outputs[0], mean, [-1, channels, 1, 1]);
    return true;
  }

  /** Makes a value known, and writes it in the graph's layout under the graph's name. */
  #give(name: string, value: PixelsFirstValue): void {
    const b = this.#b;
    const { channels, height, width } = value;
    this.#values.set(name, value);
    const turned = b.op('Transpose', [this.#shaped(value.name, [height * width, -1])], { perm: [1, 0] });
    this.#shapeAs(name, turned, [-1, channels, height, width]);
  }

  #pixelsFirst(name: string, channels: number, { input: height }: TiledAxis, { input: width }: TiledAxis): string {
    const known = this.#values.get(name);
    if (known !== undefined) return known.name;
    const turned = this.#b.op('Transpose', [this.#shaped(name, [-1, height * width])], { perm: [1, 0] });
    const value = {
      name: this.#shaped(turned, [height * width, -1, channels]),
      channels,
      height,
      width,
      computed: false,
    };
    this.#values.set(name, value);
    return value.name;
  }

  #shaped(value: string, dims: readonly number[]): string {
    return this.#b.op('Reshape', [value, this.#b.ints(dims)]);
  }

  /** As a value of the graph, by its own name. */
  #shapeAs(name: string, value: string, dims: readonly number[]): void {
    this.#b.add({
      name: `${name}_channels_first`,
      opType: 'Reshape',
      domain: '',
      inputs: [value, this.#b.ints(dims)],
      outputs: [name],
      attributes: new Map<string, Attribute>(),
    });
  }

  #matrix(data: Float32Array, dims: readonly number[]): string {
    return this.#b.initializer('transformation', { type: 'float32', dims, data });
  }
}

function sameShape(a: PixelsFirstValue, b: PixelsFirstValue): boolean {
  return a.channels === b.channels && a.height === b.height && a.width === b.width;
}
