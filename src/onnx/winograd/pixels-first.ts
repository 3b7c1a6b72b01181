import { floatOf, intOf } from '../attributes.ts';
import type { Graph, Node, TensorValue } from '../graph.ts';
import { windowsOf } from '../inference/window.ts';
import { Rewriter, type Written } from '../rewriting/rewriter.ts';
import { numbersOf } from '../tensor.ts';
import { dataMatrix, productMatrix } from './axis.ts';
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

/** What a rule gives that holds the output in pixels first. */
const HELD: Written = [undefined];

/**
 * Writes tiled convolutions into a graph, and what follows them, as far as it can stay in their layout. The graph's own
 * layout is taken up again where something else reads a value.
 */
export class PixelsFirst extends Rewriter<PixelsFirstValue> {
  readonly #tiled: ReadonlyMap<Node, TiledConvolution>;
  readonly #constantOf: (name: string) => TensorValue | undefined;

  /**
   * @param tiled the convolutions of the graph that are tiled
   * @param constantOf the value of a float32 constant
   */
  constructor(
    graph: Graph,
    tiled: ReadonlyMap<Node, TiledConvolution>,
    constantOf: (name: string) => TensorValue | undefined,
  ) {
    // Inner graphs may have names of their own that no other value may bear.
    super(graph, { prefix: 'winograd.' });
    this.#tiled = tiled;
    this.#constantOf = constantOf;
  }

  protected rule(node: Node): Written {
    const convolution = this.#tiled.get(node);
    return convolution === undefined ? this.#follow(node) : this.#convolve(convolution);
  }

  protected override enter(name: string): PixelsFirstValue {
    const [, channels, height, width] = this.source.info(name)!.shape as readonly number[];
    const turned = this.op('Transpose', [this.reshape(this.value(name), [-1, height * width])], { perm: [1, 0] });
    return { name: this.reshape(turned, [height * width, -1, channels]), channels, height, width, computed: false };
  }

  protected override leave(name: string, { name: pixels, channels, height, width }: PixelsFirstValue): string {
    const turned = this.op('Transpose', [this.reshape(pixels, [height * width, -1])], { perm: [1, 0] });
    return this.define(name, 'Reshape', [turned, this.b.ints([-1, channels, height, width])]);
  }

  #convolve(convolution: TiledConvolution): Written {
    const { b } = this;
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
    const byRows = this.op('MatMul', [ofRows, this.reshape(this.form(source).name, [rows.input, -1])]);
    const byBoth = this.op('MatMul', [ofColumns, this.reshape(byRows, [rows.products, columns.input, -1])]);
    // The tiles of a row of tiles lie beside their images: more rows for one matrix of weights.
    const placed = this.reshape(byBoth, [rows.filter.products, rows.tiles, columns.filter.products, -1, inputs]);
    const products = this.op('MatMul', [
      placed,
      b.initializer(`${result}_transformed_weights`, transformedWeights(convolution)),
    ]);
    const fromColumns = this.op('MatMul', [toColumns, this.reshape(products, [rows.products, columns.products, -1])]);
    const fromBoth = this.op('MatMul', [toRows, this.reshape(fromColumns, [rows.products, -1])]);
    const pixels = this.reshape(fromBoth, [rows.output * columns.output, -1, outputs]);
    const name = bias === undefined || bias === '' ? pixels : this.op('Add', [pixels, this.value(bias)]);
    return this.#hold(result, { name, channels: outputs, height: rows.output, width: columns.output });
  }

  /** Writes a node in this layout if it works on values that were computed in it. */
  #follow(node: Node): Written {
    const values = node.inputs.map((name) => this.knownForm(name));
    const [first, second] = values;
    if (
      node.domain !== '' ||
      node.outputs.length !== 1 ||
      first === undefined ||
      !values.some((value) => value?.computed)
    )
      return undefined;
    if (UNARY.has(node.opType))
      return this.#elementwise(node, first, [first.name, ...node.inputs.slice(1).map((name) => this.value(name))]);
    if (BINARY.has(node.opType)) {
      const alike = values.length === 2 && second !== undefined && sameShape(first, second);
      return alike ? this.#elementwise(node, first, [first.name, second.name]) : undefined;
    }
    if (node.opType === 'BatchNormalization') return this.#norm(node, first);
    if (node.opType === 'MaxPool') return this.#pool(node, first);
    return node.opType === 'GlobalAveragePool' ? this.#average(node, first) : undefined;
  }

  #elementwise(node: Node, shape: PixelsFirstValue, inputs: readonly string[]): Written {
    const name = this.b.fresh(`${node.outputs[0]}_pixels_first`);
    this.b.add({ ...node, name: `${name}_node`, inputs, outputs: [name] });
    return this.#hold(node.outputs[0], { ...shape, name });
  }

  /**
   * A norm that does not learn: factor and shift for each channel, f = scale / √(variance + ε) and shift − mean · f.
   */
  #norm(node: Node, value: PixelsFirstValue): Written {
    const [scale, shift, mean, variance] = node.inputs.slice(1, 5).map((name) => this.#constantOf(name));
    if (!scale || !shift || !mean || !variance || intOf(node, 'training_mode', 0) !== 0) return undefined;
    const [scales, shifts, means, variances] = [scale, shift, mean, variance].map(numbersOf);
    const factors = scales.map((s, c) => s / Math.sqrt(variances[c] + floatOf(node, 'epsilon', 1e-5)));
    const scaled = this.op('Mul', [value.name, this.b.constant(factors)]);
    const offsets = this.b.constant(shifts.map((s, c) => s - means[c] * factors[c]));
    return this.#hold(node.outputs[0], { ...value, name: this.op('Add', [scaled, offsets]) });
  }

  /** The largest of every n-th row and column, from each place of the window on. */
  #pool(node: Node, value: PixelsFirstValue): Written {
    const { b } = this;
    const sizes = [value.height, value.width];
    const windows = windowsOf(node, sizes);
    if (windows === undefined || windows.reduce((size, { kernel }) => size * kernel, 1) > LARGEST_POOL)
      return undefined;
    const axes = windows.map(({ kernel, stride, dilation, pads, output }, axis) => {
      const last = (Number(output) - 1) * stride;
      const plain =
        dilation === 1 && pads !== null && pads.every((pad) => pad === 0) && last >= 0 && last + kernel <= sizes[axis];
      return plain ? { kernel, stride, last, output: Number(output) } : undefined;
    });
    const [rows, columns] = axes;
    if (rows === undefined || columns === undefined) return undefined;
    const grid = this.reshape(value.name, [value.height, value.width, -1]);
    const slices: string[] = [];
    for (let y = 0; y < rows.kernel; y++) {
      for (let x = 0; x < columns.kernel; x++) {
        slices.push(
          this.op('Slice', [
            grid,
            b.ints([y, x]),
            b.ints([y + rows.last + 1, x + columns.last + 1]),
            b.ints([0, 1]),
            b.ints([rows.stride, columns.stride]),
          ]),
        );
      }
    }
    const largest = this.reshape(this.op('Max', slices), [rows.output * columns.output, -1, value.channels]);
    return this.#hold(node.outputs[0], { ...value, name: largest, height: rows.output, width: columns.output });
  }

  #average(node: Node, { name, channels, height, width }: PixelsFirstValue): Written {
    const area = height * width;
    const mean = this.op('MatMul', [
      this.#matrix(new Float32Array(area).fill(1 / area), [1, area]),
      this.reshape(name, [area, -1]),
    ]);
    return [this.define(node.outputs[0], 'Reshape', [mean, this.b.ints([-1, channels, 1, 1])])];
  }

  #hold(name: string, value: Omit<PixelsFirstValue, 'computed'>): Written {
    this.setForm(name, { ...value, computed: true });
    return HELD;
  }

  #matrix(data: Float32Array, dims: readonly number[]): string {
    return this.b.initializer('transformation', { type: 'float32', dims, data });
  }
}

function sameShape(a: PixelsFirstValue, b: PixelsFirstValue): boolean {
  return a.channels === b.channels && a.height === b.height && a.width === b.width;
}
