import { intsOf, stringOf } from './attributes.ts';
import type { Graph, Node, TensorValue } from './graph.ts';
import { pruneGraph } from './prune.ts';
import { rewrite, type Rule } from './rewriting/rewriter.ts';
import type { SourceGraph } from './rewriting/source-graph.ts';

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
  let replaced = 0;
  const shortcut: Rule = (pad, { b, source }) => {
    const slice = pad.opType === 'Pad' ? source.maker(pad.inputs[0]) : undefined;
    if (slice?.opType !== 'Slice' || source.uses(slice.outputs[0]) !== 1) return undefined;
    const strides = spatialStrides(slice, source);
    const padding = channelPadding(pad, source);
    const image = source.info(slice.inputs[0]);
    const channels = image?.shape?.[1];
    if (strides === undefined || padding === undefined || image?.type !== 'float32' || image.shape?.length !== 4)
      return undefined;
    if (typeof channels !== 'number' || channels > LARGEST_CHANNELS) return undefined;
    replaced++;
    const weights = b.initializer(`${pad.outputs[0]}_shortcut_weights`, paddedIdentity(channels, padding));
    b.renew('Conv', [slice.inputs[0], weights], pad.outputs, { kernel_shape: [1, 1], strides });
    return pad.outputs;
  };
  const rewritten = rewrite(graph, shortcut);
  return replaced === 0 ? undefined : pruneGraph(rewritten);
}

/** Steps along height and width if the node takes every step-th pixel of the whole image, from the first. */
function spatialStrides(slice: Node, source: SourceGraph): [number, number] | undefined {
  const [starts, ends, axes, steps] = slice.inputs.slice(1).map((name) => source.numbers(name));
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
function channelPadding(pad: Node, source: SourceGraph): [number, number] | undefined {
  if (stringOf(pad, 'mode', 'constant') !== 'constant' || intsOf(pad, 'pads') !== undefined) return undefined;
  const pads = source.numbers(pad.inputs[1]);
  const fill = pad.inputs[2] === undefined || pad.inputs[2] === '' ? [0] : source.numbers(pad.inputs[2]);
  if (pads?.length !== 8 || fill?.[0] !== 0 || (pad.inputs[3] ?? '') !== '') return undefined;
  return pads.every((value, i) => value === 0 || (i % 4 === 1 && value > 0)) ? [pads[1], pads[5]] : undefined;
}

/** Weights [before + channels + after, channels, 1, 1] that copy channel c to before + c. */
function paddedIdentity(channels: number, [before, after]: readonly [number, number]): TensorValue {
  const outputs = before + channels + after;
  const data = new Float32Array(outputs * channels);
  for (let c = 0; c < channels; c++) data[(before + c) * channels + c] = 1;
  return { type: 'float32', dims: [outputs, channels, 1, 1], data };
}
