import { float, type GraphBuilder } from '../../onnx/builder.ts';
import { heNormal, constantFill } from './initialisers.ts';
import type { InitialisedSpec, Initialiser } from './parameters.ts';
import { meanOf, varianceOf, type NetworkMode, type NormSpec } from './trainable.ts';

/** A value inside a network: its name in the graph and its dimensions without the batch. */
export interface Feature {
  readonly value: string;
  readonly dims: readonly number[];
}

/** Added to a variance before its root, as in PyTorch. */
const NORM_EPSILON = 1e-5;

/** Writes a network layer by layer into a graph, in either mode, and records the tensors that it needs. */
export class NetworkBuilder {
  readonly parameters: InitialisedSpec[] = [];
  readonly norms: NormSpec[] = [];
  readonly #graph: GraphBuilder;
  readonly #mode: NetworkMode;

  constructor(graph: GraphBuilder, mode: NetworkMode) {
    this.#graph = graph;
    this.#mode = mode;
  }

  /** Convolution with zero padding that keeps the size at stride 1. `x`: [channels, height, width]. */
  conv(
    x: Feature,
    options: {
      name: string;
      channels: number;
      kernel: number;
      stride?: number;
      bias?: boolean;
      initialiser?: Initialiser;
    },
  ): Feature {
    const { name, channels, kernel, stride = 1, bias = false } = options;
    const [inputs, height, width] = x.dims;
    const fanIn = inputs * kernel * kernel;
    const operands = [
      x.value,
      this.#parameter(
        `${name}.weight`,
        [channels, inputs, kernel, kernel],
        options.initialiser ?? heNormal(fanIn),
        true,
      ),
    ];
    if (bias) operands.push(this.#parameter(`${name}.bias`, [channels], constantFill(0), false));
    const pad = (kernel - 1) / 2;
    if (!Number.isInteger(pad)) throw new Error(`internal: the kernel of '${name}' is even: ${kernel}`);
    const value = this.#graph.op('Conv', operands, {
      kernel_shape: [kernel, kernel],
      strides: [stride, stride],
      pads: [pad, pad, pad, pad],
    });
    return { value, dims: [channels, Math.ceil(height / stride), Math.ceil(width / stride)] };
  }

  /**
   * Convolution without padding by filters that are not trained.
   * @param filters [channels, inputs, kernel, kernel], flat
   */
  fixedConv(x: Feature, filters: readonly number[], kernel: number): Feature {
    const [inputs, height, width] = x.dims;
    const channels = filters.length / (inputs * kernel * kernel);
    const weight = this.#graph.constant(filters, [channels, inputs, kernel, kernel]);
    const value = this.#graph.op('Conv', [x.value, weight], {
      kernel_shape: [kernel, kernel],
      strides: [1, 1],
      pads: [0, 0, 0, 0],
    });
    return { value, dims: [channels, height - kernel + 1, width - kernel + 1] };
  }

  /** Fully connected layer. `x`: [features]. */
  dense(x: Feature, options: { name: string; units: number; initialiser?: Initialiser }): Feature {
    const { name, units } = options;
    const [inputs] = x.dims;
    const weight = this.#parameter(`${name}.weight`, [units, inputs], options.initialiser ?? heNormal(inputs), true);
    const bias = this.#parameter(`${name}.bias`, [units], constantFill(0), false);
    return { value: this.#graph.op('Gemm', [x.value, weight, bias], { transB: 1 }), dims: [units] };
  }

  /**
   * Batch normalisation. In training, momentum 0 makes the operator's statistics outputs those of the batch alone.
   * @param options.scaled false: no scale is learnt, it stays 1. Then the norm can be folded into a convolution before
   *   a max-pool.
   */
  norm(x: Feature, name: string, { scaled = true }: { readonly scaled?: boolean } = {}): Feature {
    const channels = x.dims[0];
    this.norms.push({ name, channels });
    const scale = scaled
      ? this.#parameter(`${name}.scale`, [channels], constantFill(1), false)
      : this.#graph.constant(new Array<number>(channels).fill(1));
    const shift = this.#parameter(`${name}.shift`, [channels], constantFill(0), false);
    if (this.#mode.kind !== 'training') {
      const statistics = [meanOf(name), varianceOf(name)].map((n) => this.#tensor(n, [channels]));
      return {
        value: this.#graph.op('BatchNormalization', [x.value, scale, shift, ...statistics], {
          epsilon: float(NORM_EPSILON),
        }),
        dims: x.dims,
      };
    }
    const unused = this.#graph.constant(new Array<number>(channels).fill(0));
    const value = `${name}.output`;
    this.#graph.node(
      'BatchNormalization',
      [x.value, scale, shift, unused, unused],
      [value, meanOf(name), varianceOf(name)],
      {
        epsilon: float(NORM_EPSILON),
        momentum: float(0),
        training_mode: 1,
      },
    );
    return { value, dims: x.dims };
  }

  relu(x: Feature): Feature {
    return { value: this.#graph.op('Relu', [x.value]), dims: x.dims };
  }

  add(a: Feature, b: Feature): Feature {
    if (a.dims.join() !== b.dims.join())
      throw new Error(`internal: sum of features of ${a.dims.join('×')} and ${b.dims.join('×')}`);
    return { value: this.#graph.op('Add', [a.value, b.value]), dims: a.dims };
  }

  /**
   * Maximum at stride 2: over windows of 2×2, where an odd last row or column is left out, or over windows of 3×3 with
   * a frame that never wins.
   */
  maxPool(x: Feature, { kernel = 2 }: { readonly kernel?: 2 | 3 } = {}): Feature {
    const [channels, height, width] = x.dims;
    const pad = kernel - 2;
    const value = this.#graph.op('MaxPool', [x.value], {
      kernel_shape: [kernel, kernel],
      strides: [2, 2],
      ...(pad > 0 ? { pads: [pad, pad, pad, pad] } : {}),
    });
    return { value, dims: [channels, Math.floor((height + pad) / 2), Math.floor((width + pad) / 2)] };
  }

  /** Mean over height and width: [channels, height, width] → [channels]. */
  globalAveragePool(x: Feature): Feature {
    return this.flatten({ value: this.#graph.op('GlobalAveragePool', [x.value]), dims: [x.dims[0], 1, 1] });
  }

  flatten(x: Feature): Feature {
    return { value: this.#graph.op('Flatten', [x.value], { axis: 1 }), dims: [x.dims.reduce((a, b) => a * b, 1)] };
  }

  /** (x − mean)/std by channel: the network's own preprocessing of raw pixels in [0, 1]. */
  standardise(x: Feature, mean: readonly number[], std: readonly number[]): Feature {
    const dims = [1, mean.length, 1, 1];
    const centred = this.#graph.op('Sub', [x.value, this.#graph.constant(mean, dims)]);
    return {
      value: this.#graph.op('Mul', [
        centred,
        this.#graph.constant(
          std.map((s) => 1 / s),
          dims,
        ),
      ]),
      dims: x.dims,
    };
  }

  /** x · factor, with a factor that is not trained. */
  scale(x: Feature, factor: number): Feature {
    return { value: this.#graph.op('Mul', [x.value, this.#graph.constant(factor)]), dims: x.dims };
  }

  #parameter(name: string, dims: readonly number[], initialiser: Initialiser, decays: boolean): string {
    this.parameters.push({ name, dims, initialiser, decays });
    return this.#tensor(name, dims);
  }

  /** An input of the graph or, for inference, a constant. */
  #tensor(name: string, dims: readonly number[]): string {
    if (this.#mode.kind !== 'inference') return this.#graph.input(name, 'float32', dims);
    const data = this.#mode.values.get(name);
    if (data === undefined) throw new Error(`internal: no value for '${name}'`);
    return this.#graph.initializer(name, { type: 'float32', dims, data });
  }
}
