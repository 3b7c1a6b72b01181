import { intOf } from '../attributes.ts';
import { codeOf } from '../element-type.ts';
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
 * Multiply-adds that moving one float through a transformation counts for, and copying one weight for a matrix product:
 * from the times of one network's layers. `npm run bench -- winograd` sets what they foretell beside what is measured:
 * every shape there that is chosen gains.
 */
const MOVED = 43;
const COPIED = 24;

/** @returns undefined where the node is something else, or its sizes or weights are not known */
export function tiledConvolution(
  node: Node,
  infos: ReadonlyMap<string, ValueInfo>,
  weightsOf: (name: string) => TensorValue | undefined,
): TiledConvolution | undefined {
  if (node.opType !== 'Conv' || node.domain !== '' || intOf(node, 'group', 1) !== 1) return undefined;
  const [source, kernel] = node.inputs;
  const info = infos.get(source);
  const weights = weightsOf(kernel);
  if (info?.type !== 'float32' || info.shape?.length !== 4 || weights?.dims.length !== 4) return undefined;
  const [outputs, inputs, ...spatial] = weights.dims;
  const windows = windowsOf(node, info.shape.slice(2), spatial);
  if (windows === undefined || !windows.every((w) => w.kernel === 3 && w.stride === 1 && w.dilation === 1))
    return undefined;
  const [rows, columns] = windows.map(({ pads, output }, axis) => {
    const input = info.shape![axis + 2];
    return typeof input === 'number' && typeof output === 'number' && pads !== null && output >= 1
      ? tiledAxis(input, output, pads[0])
      : undefined;
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
  // The transformations are products with whole matrices, along the rows first.
  const before = rows.products * columns.input * rows.input + products * columns.input;
  const after = rows.products * columns.output * columns.products + rows.output * columns.output * rows.products;
  const moved =
    inputs * (rows.input * columns.input + rows.products * columns.input + products) +
    outputs * (products + rows.products * columns.output + 2 * rows.output * columns.output);
  // Weights are copied for each row of tiles.
  const copied = (rows.products * columns.filter.products * inputs * outputs) / batch;
  return multiplied + inputs * before + outputs * after + MOVED * moved + COPIED * copied;
}

/** G g Gᵀ of each filter, [products of rows, 1, products of columns, inputs, outputs]. */
export function transformedWeights({ rows, columns, inputs, outputs, weights }: TiledConvolution): TensorValue {
  const each = inputs * outputs;
  const taps = byTap(Float64Array.from(numbersOf(weights)), inputs, outputs);
  const [byRows, byColumns] = [rows.filter.ofFilter, columns.filter.ofFilter];
  const data = new Float32Array(byRows.length * byColumns.length * each);
  const sums = new Float64Array(each);
  byRows
    .flatMap((row) => byColumns.map((column) => row.flatMap((a) => column.map((b) => a * b))))
    .forEach((factors, product) => {
      sums.fill(0);
      factors.forEach((factor, tap) => {
        if (factor !== 0) addScaled(sums, factor, taps[tap]);
      });
      data.set(sums, product * each);
    });
  return { type: 'float32', dims: [byRows.length, 1, byColumns.length, inputs, outputs], data };
}

/** [outputs, inputs, 9] as nine arrays [inputs, outputs], so that what follows reads and writes in order. */
function byTap(values: Float64Array, inputs: number, outputs: number): Float64Array[] {
  return Array.from({ length: 9 }, (_, tap) => {
    const ordered = new Float64Array(inputs * outputs);
    for (let input = 0, to = 0; input < inputs; input++) {
      for (let output = 0; output < outputs; output++, to++) ordered[to] = values[(output * inputs + input) * 9 + tap];
    }
    return ordered;
  });
}

function addScaled(sums: Float64Array, factor: number, values: Float64Array): void {
  for (let i = 0; i < sums.length; i++) sums[i] += factor * values[i];
}

/** Floats of the transformed weights. */
export function weightCount({ rows, columns, inputs, outputs }: TiledConvolution): number {
  return rows.filter.products * columns.filter.products * inputs * outputs;
}

/** The value of an initializer, or of one that is cast to float32. */
export function constantFloats(graph: Graph): (name: string) => TensorValue | undefined {
  const casts = new Map(
    graph.nodes
      .filter((node) => node.opType === 'Cast' && intOf(node, 'to') === codeOf('float32'))
      .map((node) => [node.outputs[0], node.inputs[0]]),
  );
  return (name) => {
    const value = graph.initializers.get(name) ?? graph.initializers.get(casts.get(name) ?? '');
    return value?.type === 'float32' || (value?.type === 'float16' && casts.has(name)) ? value : undefined;
  };
}
