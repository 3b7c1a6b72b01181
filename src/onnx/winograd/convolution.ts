import { intOf } from '../attributes.ts';
import type { Graph, Node, TensorValue, ValueInfo } from '../graph.ts';
import { windowsOf } from '../inference/window.ts';
import { numbersOf } from '../tensor.ts';
import { tiledAxis, type TiledAxis } from './axis.ts';

/** A convolution by 3×3 at stride 1 that a minimal filter can stand for. */
export interface TiledConvolution {
  readonly node: Node;
  readonly rows: TiledAxis;
  readonly columns: TiledAxis;
  readonly inputs: number;
  readonly outputs: number;
  /** [outputs, inputs, 3, 3]. */
  readonly weights: TensorValue;
}

/**
 * Multiply-adds that moving one float through a transformation counts for, and copying one weight for a matrix product: from the
 * times of one network's layers. `node bench/winograd.mjs` sets what they foretell beside what is measured, from 32 to 512 channels
 * and 3×3 to 56×56 pixels: every shape that is chosen gains.
 */
const MOVED = 43;
const COPIED = 24;

/** @returns undefined where the node is something else, or its sizes or weights are not known */
export function tiledConvolution(node: Node, infos: ReadonlyMap<string, ValueInfo>, weightsOf: (name: string) => TensorValue | undefined): TiledConvolution | undefined {
  if (node.opType !== 'Conv' || node.domain !== '' || intOf(node, 'group', 1) !== 1) return undefined;
  const [source, kernel] = node.inputs;
  const info = infos.get(source);
  const weights = weightsOf(kernel);
  if (info?.type !== 'float32' || info.shape?.length !== 4 || weights?.dims.length !== 4) return undefined;
  const [outputs, inputs, ...spatial] = weights.dims;
  const windows = windowsOf(node, info.shape.slice(2), spatial);
  if (windows === undefined || !windows.every((w) => w.kernel === 3 && w.stride === 1 && w.dilation === 1)) return undefined;
  const [rows, columns] = windows.map(({ pads, output }, axis) => {
    const input = info.shape![axis + 2];
    return typeof input === 'number' && typeof output === 'number' && pads !== null && output >= 1 ? tiledAxis(input, output, pads[0]) : undefined;
  });
  return rows && columns && { node, rows, columns, inputs, outputs, weights };
}

/** Multiply-adds of the convolution as it stands, for one image. */
export function directCost({ rows, columns, inputs, outputs }: TiledConvolution): number {
  return 9 * inputs * outputs * rows.output * columns.output;
}

/** What the minimal filter takes for one image, in multiply-adds of the same duration. */
export function tiledCost({ rows, columns, inputs, outputs }: TiledConvolution, batch: number): number {
  const products = rows.products * columns.products;
  const multiplied = products * inputs * outputs;
  const moved = inputs * (rows.input * columns.input + rows.products * columns.input + products)
    + outputs * (products + rows.products * columns.output + 2 * rows.output * columns.output);
  const copied = (rows.products * columns.filter.products * inputs * outputs) / batch;
  return multiplied + MOVED * moved + COPIED * copied;
}

/** G g Gᵀ of each filter, [products of rows, 1, products of columns, inputs, outputs]. */
export function transformedWeights({ rows, columns, inputs, outputs, weights }: TiledConvolution): TensorValue {
  const [byRows, byColumns] = [rows.filter.ofFilter, columns.filter.ofFilter];
  const values = numbersOf(weights);
  const each = inputs * outputs;
  const data = new Float32Array(byRows.length * byColumns.length * each);
  for (let k = 0; k < outputs; k++) {
    for (let c = 0; c < inputs; c++) {
      const first = 9 * (k * inputs + c);
      for (const [i, g] of byRows.entries()) {
        const taps = [0, 1, 2].map((q) => g[0] * values[first + q] + g[1] * values[first + 3 + q] + g[2] * values[first + 6 + q]);
        for (const [j, h] of byColumns.entries()) {
          data[(i * byColumns.length + j) * each + c * outputs + k] = h[0] * taps[0] + h[1] * taps[1] + h[2] * taps[2];
        }
      }
    }
  }
  return { type: 'float32', dims: [byRows.length, 1, byColumns.length, inputs, outputs], data };
}

/** Floats of the transformed weights. */
export function weightCount({ rows, columns, inputs, outputs }: TiledConvolution): number {
  return rows.filter.products * columns.filter.products * inputs * outputs;
}

/** The value of an initializer, or of one that is cast to float32. */
export function constantFloats(graph: Graph): (name: string) => TensorValue | undefined {
  const casts = new Map(graph.nodes.filter((node) => node.opType === 'Cast' && intOf(node, 'to') === 1).map((node) => [node.outputs[0], node.inputs[0]]));
  return (name) => {
    const value = graph.initializers.get(name) ?? graph.initializers.get(casts.get(name) ?? '');
    return value?.type === 'float32' || (value?.type === 'float16' && casts.has(name)) ? value : undefined;
  };
}
