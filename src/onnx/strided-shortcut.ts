import { intsOf, stringOf } from './attributes.ts';
import type { Attribute, Graph, Node, TensorValue } from './graph.ts';
import { inferShapes } from './infer.ts';
import { numbersOf } from './tensor.ts';

/** Beyond this a convolution with an identity costs more than the copy that it replaces. */
const LARGEST_CHANNELS = 128;

/**
 * Replaces parameter-free shortcuts of residual nets ("option A" of He et al., CVPR 2016: every second pixel, then
 * channels of zeros) by a strided 1×1 convolution with ones and zeros. The result is the same, bit for bit for finite
 * values; but ONNX Runtime keeps its blocked layout through a convolution, while Slice and Pad leave it and take the
 * additions behind them along.
 *
 * @returns undefined where the graph has no such shortcut
 */
export function replaceStridedShortcuts(graph: Graph): Graph | undefined {
  const readers = new Map<string, number>();
  for (const name of [...graph.nodes.flatMap((node) => node.inputs), ...graph.outputs.map((output) => output.name)])
    readers.set(name, (readers.get(name) ?? 0) + 1);
  const producers = new Map(graph.nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)));
  const shapes = inferShapes(graph);
  const initializers = new Map(graph.initializers);
  const replaced = new Map<Node, Node | undefined>();
  for (const pad of graph.nodes) {
    const slice = pad.opType === 'Pad' ? producers.get(pad.inputs[0]) : undefined;
    if (slice?.opType !== 'Slice' || readers.get(slice.outputs[0]) !== 1) continue;
    const strides = spatialStrides(slice, graph);
    const padding = channelPadding(pad, graph);
    const source = shapes.get(slice.inputs[0]);
    const channels = source?.shape?.[1];
    if (strides === undefined || padding === undefined || source?.type !== 'float32' || source.shape?.length !== 4)
      continue;
    if (typeof channels !== 'number' || channels > LARGEST_CHANNELS) continue;
    const weights = `${pad.outputs[0]}_shortcut_weights`;
    if (initializers.has(weights) || producers.has(weights)) continue;
    initializers.set(weights, paddedIdentity(channels, padding));
    replaced.set(slice, undefined);
    replaced.set(pad, {
      name: pad.name,
      opType: 'Conv',
      domain: '',
      inputs: [slice.inputs[0], weights],
      outputs: pad.outputs,
      attributes: new Map<string, Attribute>([
        ['kernel_shape', { kind: 'ints', value: [1, 1] }],
        ['strides', { kind: 'ints', value: strides }],
      ]),
    });
  }
  if (replaced.size === 0) return undefined;
  return {
    ...graph,
    initializers,
    nodes: graph.nodes.flatMap((node) => (replaced.has(node) ? (replaced.get(node) ?? []) : [node])),
  };
}

/** Steps along height and width if the node takes every step-th pixel of the whole image, from the first. */
function spatialStrides(slice: Node, graph: Graph): [number, number] | undefined {
  const [starts, ends, axes, steps] = slice.inputs.slice(1).map((name) => numbersFrom(graph, name));
  if (starts === undefined || ends === undefined || axes === undefined || steps === undefined) return undefined;
  const strides: [number, number] = [1, 1];
  for (const [i, axis] of axes.entries()) {
    const spatial = axis < 0 ? axis + 2 : axis - 2;
    if ((spatial !== 0 && spatial !== 1) || starts[i] !== 0 || ends[i] < 2 ** 31 - 1 || steps[i] < 1) return undefined;
    strides[spatial] = steps[i];
  }
  return strides;
}

/** Channels of zeros before and after if the node adds nothing else. */
function channelPadding(pad: Node, graph: Graph): [number, number] | undefined {
  if (stringOf(pad, 'mode', 'constant') !== 'constant' || intsOf(pad, 'pads') !== undefined) return undefined;
  const pads = numbersFrom(graph, pad.inputs[1]);
  const fill = pad.inputs[2] === undefined || pad.inputs[2] === '' ? [0] : numbersFrom(graph, pad.inputs[2]);
  if (pads?.length !== 8 || fill?.[0] !== 0 || (pad.inputs[3] ?? '') !== '') return undefined;
  return pads.every((value, i) => value === 0 || (i % 4 === 1 && value > 0)) ? [pads[1], pads[5]] : undefined;
}

function numbersFrom(graph: Graph, name: string | undefined): number[] | undefined {
  const value = name === undefined ? undefined : graph.initializers.get(name);
  return value === undefined ? undefined : numbersOf(value);
}

/** Weights [before + channels + after, channels, 1, 1] that copy channel c to before + c. */
function paddedIdentity(channels: number, [before, after]: readonly [number, number]): TensorValue {
  const outputs = before + channels + after;
  const data = new Float32Array(outputs * channels);
  for (let c = 0; c < channels; c++) data[(before + c) * channels + c] = 1;
  return { type: 'float32', dims: [outputs, channels, 1, 1], data };
}
